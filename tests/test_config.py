"""Production refuses every setting that would put people's data at risk, and says which."""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from os import urandom
from pathlib import Path

import pytest

from app import config, create_app
from app.config import UnsafeSettings
from app.extensions import db

CHANCE = sha256(b"a key that is the same in every process of the tests").digest()


def in_base64(key: bytes) -> str:
    return b64encode(key).decode()


def production(folder: Path, **changes: str) -> config.Settings:
    """Settings that production takes, but for what is changed."""
    safe = {
        "PORTAL_ENV": "production",
        "PORTAL_INSTANCE": str(folder),
        "PORTAL_SECRET_KEY": "a key of their own, and long enough",
        "PORTAL_PUBLIC_URL": "https://hours.example",
        "PORTAL_SMTP_URL": "smtp://mail.example",
        "PORTAL_SEALING_KEYS": f"2:{in_base64(urandom(32))}, 1:{in_base64(urandom(32))}",
        "PORTAL_FINGERPRINT_KEY": in_base64(urandom(32)),
    }
    return config.from_environment(safe | changes)


def test_it_starts_with_keys_of_its_own(tmp_path: Path) -> None:
    settings = production(tmp_path)
    assert list(settings.sealing_keys) == [2, 1]
    assert create_app(settings).config["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PORTAL_SECRET_KEY", ""),
        ("PORTAL_SECRET_KEY", config.DEMO_SECRET_KEY),
        ("PORTAL_PUBLIC_URL", "http://hours.example"),
        ("PORTAL_SMTP_URL", ""),
        ("PORTAL_SEALING_KEYS", ""),
        ("PORTAL_SEALING_KEYS", f"1:{in_base64(config.DEMO_SEALING_KEYS[1])}"),
        ("PORTAL_SEALING_KEYS", f"1:{in_base64(bytes(32))}"),
        ("PORTAL_SEALING_KEYS", f"1:{in_base64(b'secret' * 6)[:43]}="),
        ("PORTAL_SEALING_KEYS", f"1:{in_base64(CHANCE[:16])}"),
        ("PORTAL_SEALING_KEYS", "1:not base64 at all, really not"),
        ("PORTAL_SEALING_KEYS", in_base64(CHANCE)),
        ("PORTAL_SEALING_KEYS", f"1:{in_base64(CHANCE)},1:{in_base64(CHANCE[::-1])}"),
        ("PORTAL_FINGERPRINT_KEY", ""),
        ("PORTAL_FINGERPRINT_KEY", in_base64(config.DEMO_FINGERPRINT_KEY)),
        ("PORTAL_FINGERPRINT_KEY", in_base64(bytes(32))),
    ],
)  # fmt: skip
def test_production_refuses_what_is_missing_weak_or_known_to_everybody(
    tmp_path: Path, setting: str, value: str
) -> None:
    with pytest.raises(UnsafeSettings, match=setting) as refusal:
        production(tmp_path, **{setting: value})
    assert value == "" or value not in str(refusal.value)


def test_one_key_is_not_used_for_two_things(tmp_path: Path) -> None:
    key = in_base64(urandom(32))
    with pytest.raises(UnsafeSettings, match="No key may stand twice"):
        production(tmp_path, PORTAL_SEALING_KEYS=f"1:{key}", PORTAL_FINGERPRINT_KEY=key)


def test_settings_that_are_printed_tell_no_secret(tmp_path: Path) -> None:
    settings = production(tmp_path, PORTAL_SMTP_URL="smtps://user:hunter2@mail.example:465")
    shown = repr(settings)
    assert "hunter2" not in shown
    assert settings.secret_key not in shown
    assert repr(settings.fingerprint_key) not in shown
    assert repr(settings.sealing_keys[1]) not in shown


@pytest.mark.parametrize("keys", ["the demo's", "this portal's"])
def test_production_refuses_a_database_with_the_demos_people(
    new_database: Callable[[], str], tmp_path: Path, keys: str
) -> None:
    url = new_database()
    safe = production(tmp_path, PORTAL_DATABASE_URL=url)
    demo = {"PORTAL_ENV": "demo", "PORTAL_INSTANCE": str(tmp_path), "PORTAL_DATABASE_URL": url}
    if keys == "this portal's":
        demo["PORTAL_SEALING_KEYS"] = ",".join(
            f"{version}:{in_base64(key)}" for version, key in safe.sealing_keys.items()
        )
        demo["PORTAL_FINGERPRINT_KEY"] = in_base64(safe.fingerprint_key)
    app = create_app(config.from_environment(demo))
    loaded = app.test_cli_runner().invoke(args=["demo", "load"])
    assert loaded.exit_code == 0, loaded.output
    with app.app_context():
        db.engine.dispose()

    with pytest.raises(UnsafeSettings, match=r"demo's people are in this database.*\bana\b"):
        create_app(safe)


def test_production_starts_on_a_database_that_is_still_empty(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    assert create_app(production(tmp_path, PORTAL_DATABASE_URL=new_database()))
    assert create_app(production(tmp_path / "other"))


AGGREGATOR = {
    "PORTAL_AGGREGATOR_URL": "https://portal:secret@aggregator.example",
    "PORTAL_AGGREGATOR_ACCOUNT": "12345",
    "PORTAL_AGGREGATOR_PROVIDER": "123456789",
}


def test_visits_are_told_to_nobody_unless_a_collector_is_named(tmp_path: Path) -> None:
    assert not production(tmp_path).tells_aggregator
    settings = production(tmp_path, **AGGREGATOR)
    assert settings.tells_aggregator
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PORTAL_AGGREGATOR_URL", "simulator:"),
        ("PORTAL_AGGREGATOR_URL", "http://portal:secret@aggregator.example"),
        ("PORTAL_AGGREGATOR_ACCOUNT", ""),
        ("PORTAL_AGGREGATOR_PROVIDER", ""),
    ],
)
def test_a_collector_is_spoken_to_safely_or_not_at_all(
    tmp_path: Path, setting: str, value: str
) -> None:
    with pytest.raises(UnsafeSettings, match=setting) as refused:
        production(tmp_path, **(AGGREGATOR | {setting: value}))
    assert "secret" not in str(refused.value)
