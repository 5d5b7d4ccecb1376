"""Is this the code that an authenticator app shows just now? By TOTP (RFC 6238), with pyotp.

Six digits by HMAC-SHA1 in steps of 30 seconds, which is what every app understands.
"""

from datetime import datetime

import pyotp

from app.gateways.secrets import same

ISSUER = "CareHours"
STEP = 30  # seconds
STEPS_AROUND = 1  # RFC 6238, 5.2: one step either way, for clocks that differ and people who type


def new_secret() -> str:
    """A secret to share with an app: 160 bits in base 32 (RFC 4226, 4)."""
    return pyotp.random_base32(32)


def address(secret: str, username: str) -> str:
    """What the QR code holds: `otpauth://totp/CareHours:ana?secret=…`."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def code_at(secret: str, at: datetime) -> str:
    """The code that the app shows at an instant."""
    return pyotp.TOTP(secret, interval=STEP).at(at)


def step_of(secret: str, typed: str, *, at: datetime) -> int | None:
    """The time step whose code was typed, now or one step away; None when it is none of them.

    All of them are compared, so the time it takes tells nothing.
    """
    now = int(at.timestamp()) // STEP
    steps = range(now - STEPS_AROUND, now + STEPS_AROUND + 1)
    codes = {step: pyotp.TOTP(secret, interval=STEP).generate_otp(step) for step in steps}
    matching = [step for step, code in codes.items() if same(code, typed)]
    return max(matching, default=None)
