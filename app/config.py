"""Which settings does this process run with? Read from the environment; production refuses unsafe ones."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEMO_SECRET_KEY = "carehours-demo-key-not-for-production"  # noqa: S105 - refused in production below
INSTANCE = Path(__file__).resolve().parent.parent / "instance"
ENVIRONMENTS = ("demo", "test", "production")


class UnsafeSettings(RuntimeError):  # noqa: N818 - a refusal, not a fault of the program
    """The settings would put people's data at risk; the message names each setting and its mend."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one running portal and another."""

    environment: str
    database_url: str
    secret_key: str
    public_url: str
    smtp_url: str
    mailbox: Path
    payment_files: Path
    hashing_threads: int = 2
    mail_from: str = "CareHours <no-reply@carehours.invalid>"
    service_desk_phone: str = "(888) 555-0142"
    compress: bool = True
    problems: tuple[str, ...] = field(default=())

    @property
    def is_demo(self) -> bool:
        return self.environment == "demo"

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def has_https(self) -> bool:
        return self.public_url.startswith("https://")


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in `PORTAL_…` variables; raises UnsafeSettings in production (see `unsafe`)."""
    env = os.environ if environ is None else environ
    environment = env.get("PORTAL_ENV", "demo")
    if environment not in ENVIRONMENTS:
        raise UnsafeSettings(
            f"PORTAL_ENV is “{environment}”; it must be one of {', '.join(ENVIRONMENTS)}."
        )
    instance = Path(env.get("PORTAL_INSTANCE", str(INSTANCE)))
    port = env.get("PORT", "8000")
    settings = Settings(
        environment=environment,
        database_url=env.get(
            "PORTAL_DATABASE_URL", f"sqlite:///{instance / (environment + '.db')}"
        ),
        secret_key=env.get("PORTAL_SECRET_KEY", _default_key(environment)),
        public_url=env.get("PORTAL_PUBLIC_URL", f"http://localhost:{port}").rstrip("/"),
        smtp_url=env.get("PORTAL_SMTP_URL", "mailbox:" if environment == "demo" else ""),
        mailbox=instance / "mailbox",
        payment_files=Path(env.get("PORTAL_PAYMENT_FILES", str(instance / "payment-files"))),
        hashing_threads=int(env.get("PORTAL_HASHING_THREADS", "2")),
        mail_from=env.get("PORTAL_MAIL_FROM", "CareHours <no-reply@carehours.invalid>"),
        service_desk_phone=env.get("PORTAL_SERVICE_DESK_PHONE", "(888) 555-0142"),
        compress=env.get("PORTAL_COMPRESS", "1") == "1",
    )
    problems = unsafe(settings)
    if settings.is_production and problems:
        raise UnsafeSettings(
            "Refusing to start in production:\n" + "\n".join(f"- {line}" for line in problems)
        )
    return settings


def unsafe(settings: Settings) -> list[str]:
    """What would be unsafe about these settings in production, a sentence each."""
    problems = []
    if len(settings.secret_key) < 32 or settings.secret_key == DEMO_SECRET_KEY:
        problems.append("PORTAL_SECRET_KEY must be your own, at least 32 characters.")
    if not settings.has_https:
        problems.append("PORTAL_PUBLIC_URL must begin with https://, so that cookies are safe.")
    if not settings.smtp_url.startswith(("smtp://", "smtps://")):
        problems.append("PORTAL_SMTP_URL must name a mail server (smtp:// or smtps://).")
    if settings.database_url.startswith("sqlite:///:memory:"):
        problems.append("PORTAL_DATABASE_URL must name a database that outlives the process.")
    return problems


def _default_key(environment: str) -> str:
    if environment == "demo":
        return DEMO_SECRET_KEY
    return secrets.token_hex(32) if environment == "test" else ""
