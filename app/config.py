"""Which settings does this process run with? Read from the environment; production refuses unsafe ones."""

import base64
import binascii
import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEMO_SECRET_KEY = "carehours-demo-key-not-for-production"  # noqa: S105 - refused in production below
DEMO_SEALING_KEYS = {1: hashlib.sha256(f"{DEMO_SECRET_KEY}, sealing".encode()).digest()}
DEMO_FINGERPRINT_KEY = hashlib.sha256(f"{DEMO_SECRET_KEY}, fingerprints".encode()).digest()
KEY_LENGTH = 32  # bytes, for AES-256 and HMAC-SHA256
FEWEST_DIFFERENT = 16  # different bytes in a key; of 32 that fell by chance, about 30 differ
INSTANCE = Path(__file__).resolve().parent.parent / "instance"
ENVIRONMENTS = ("demo", "test", "production")


class UnsafeSettings(RuntimeError):  # noqa: N818 - a refusal, not a fault of the program
    """The settings would put people's data at risk; the message names each setting and its mend."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one running portal and another.

    `sealing_keys` are by version; the first seals, all of them open (gateways.secrets.KeyRing).
    Nothing that is secret is shown when settings are printed.
    """

    environment: str
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    public_url: str
    smtp_url: str = field(repr=False)
    mailbox: Path
    payment_files: Path
    sealing_keys: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    fingerprint_key: bytes = field(default=b"", repr=False)
    hashing_threads: int = 2
    mail_from: str = "CareHours <no-reply@carehours.invalid>"
    service_desk_phone: str = "(888) 555-0142"
    compress: bool = True
    proxies: int = 0
    text_url: str = field(default="", repr=False)
    text_from: str = ""
    aggregator_url: str = field(default="", repr=False)
    aggregator_account: str = ""
    aggregator_provider: str = ""
    aggregator_ask_after: int = 300
    aggregator_folder: Path = INSTANCE / "aggregator"
    problems: tuple[str, ...] = field(default=())

    @property
    def is_demo(self) -> bool:
        return self.environment == "demo"

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def sends_texts(self) -> bool:
        return bool(self.text_url)

    @property
    def tells_aggregator(self) -> bool:
        return bool(self.aggregator_url)

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
        sealing_keys=_sealing_keys(env.get("PORTAL_SEALING_KEYS", ""), environment),
        fingerprint_key=_fingerprint_key(env.get("PORTAL_FINGERPRINT_KEY", ""), environment),
        hashing_threads=int(env.get("PORTAL_HASHING_THREADS", "2")),
        mail_from=env.get("PORTAL_MAIL_FROM", "CareHours <no-reply@carehours.invalid>"),
        service_desk_phone=env.get("PORTAL_SERVICE_DESK_PHONE", "(888) 555-0142"),
        compress=env.get("PORTAL_COMPRESS", "1") == "1",
        proxies=int(env.get("PORTAL_PROXIES", "0")),
        text_url=env.get("PORTAL_TEXT_URL", "mailbox:" if environment == "demo" else ""),
        text_from=env.get("PORTAL_TEXT_FROM", ""),
        **_aggregator(env, environment),
        aggregator_folder=instance / "aggregator",
    )
    if settings.is_production:
        refuse(unsafe(settings))
    return settings


def refuse(problems: list[str]) -> None:
    """Raise UnsafeSettings when there is something that would be unsafe in production."""
    if problems:
        raise UnsafeSettings(
            "Refusing to start in production:\n" + "\n".join(f"- {line}" for line in problems)
        )


def unsafe(settings: Settings) -> list[str]:
    """What would be unsafe about these settings in production, a sentence each."""
    problems = []
    if len(settings.secret_key) < 32 or settings.secret_key == DEMO_SECRET_KEY:
        problems.append("PORTAL_SECRET_KEY must be your own, at least 32 characters.")
    problems += _unsafe_keys(settings)
    if not settings.has_https:
        problems.append("PORTAL_PUBLIC_URL must begin with https://, so that cookies are safe.")
    if not settings.smtp_url.startswith(("smtp://", "smtps://")):
        problems.append("PORTAL_SMTP_URL must name a mail server (smtp:// or smtps://).")
    problems += _unsafe_texts(settings)
    problems += _unsafe_aggregator(settings)
    if settings.database_url.startswith("sqlite:///:memory:"):
        problems.append("PORTAL_DATABASE_URL must name a database that outlives the process.")
    return problems


def _unsafe_texts(settings: Settings) -> list[str]:
    if not settings.sends_texts:
        return []
    if not settings.text_url.startswith("https://"):
        return ["PORTAL_TEXT_URL must begin with https://, or be left out where no texts are sent."]
    if not settings.text_from:
        return ["PORTAL_TEXT_FROM must be the number that texts come from."]
    return []


def _aggregator(env: Mapping[str, str], environment: str) -> dict[str, Any]:
    """Who is told of visits: nobody unless it is set, in the demo a simulator in its own process."""
    is_demo = environment == "demo"
    return {
        "aggregator_url": env.get("PORTAL_AGGREGATOR_URL", "simulator:" if is_demo else ""),
        "aggregator_account": env.get("PORTAL_AGGREGATOR_ACCOUNT", "10000" if is_demo else ""),
        "aggregator_provider": env.get(
            "PORTAL_AGGREGATOR_PROVIDER", "000000000" if is_demo else ""
        ),
        "aggregator_ask_after": int(
            env.get("PORTAL_AGGREGATOR_ASK_AFTER", "5" if is_demo else "300")
        ),
    }


def _unsafe_aggregator(settings: Settings) -> list[str]:
    if not settings.tells_aggregator:
        return []
    problems = []
    if not settings.aggregator_url.startswith("https://"):
        problems.append(
            "PORTAL_AGGREGATOR_URL must begin with https://, or be left out where nobody is told."
        )
    if not settings.aggregator_account or not settings.aggregator_provider:
        problems.append(
            "PORTAL_AGGREGATOR_ACCOUNT and PORTAL_AGGREGATOR_PROVIDER must be those that the "
            "aggregator gave you."
        )
    return problems


def _unsafe_keys(settings: Settings) -> list[str]:
    sealing = list(settings.sealing_keys.values())
    demo = {*DEMO_SEALING_KEYS.values(), DEMO_FINGERPRINT_KEY}
    problems = []
    if not sealing or any(key in demo or not _is_random(key) for key in sealing):
        problems.append("PORTAL_SEALING_KEYS must be your own, 32 random bytes each.")
    if settings.fingerprint_key in demo or not _is_random(settings.fingerprint_key):
        problems.append("PORTAL_FINGERPRINT_KEY must be your own, 32 random bytes.")
    if len({*sealing, settings.fingerprint_key}) <= len(sealing):
        problems.append("No key may stand twice in PORTAL_SEALING_KEYS and PORTAL_FINGERPRINT_KEY.")
    return problems


def _is_random(key: bytes) -> bool:
    """Whether a key can have fallen by chance: not a row of zeros, not a word over and over."""
    return len(key) == KEY_LENGTH and len(set(key)) >= FEWEST_DIFFERENT


def _sealing_keys(text: str, environment: str) -> Mapping[int, bytes]:
    """The keys of `2:BASE64,1:BASE64`; without any, the demo's, but in production none."""
    if not text.strip():
        return {} if environment == "production" else DEMO_SEALING_KEYS
    keys: dict[int, bytes] = {}
    for entry in text.split(","):
        version, _, key = entry.strip().partition(":")
        if not re.fullmatch(r"[1-9][0-9]{0,8}", version) or int(version) in keys:
            raise UnsafeSettings(
                "PORTAL_SEALING_KEYS must be like 2:BASE64,1:BASE64, each version a number of its own."
            )
        keys[int(version)] = _key("PORTAL_SEALING_KEYS", key)
    return keys


def _fingerprint_key(text: str, environment: str) -> bytes:
    if not text.strip():
        return b"" if environment == "production" else DEMO_FINGERPRINT_KEY
    return _key("PORTAL_FINGERPRINT_KEY", text)


def _key(setting: str, text: str) -> bytes:
    """A key as it stands in a setting; a refusal never repeats any of it."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_LENGTH:
        raise UnsafeSettings(f"{setting} must hold {KEY_LENGTH} bytes in Base64 as each key.")
    return key


def _default_key(environment: str) -> str:
    if environment == "demo":
        return DEMO_SECRET_KEY
    return secrets.token_hex(32) if environment == "test" else ""
