"""P1: how many check-ins a second, against a bare Flask view that commits one row a request?

A check-in is one signed event to /offline/events, by a signed-in provider on her own enrolled phone:
session, access, signature, pairing, the day's proposal on the timesheet, and the audit chain. Both
servers are the same granian with the same threads, asked by turns over the same connections.
"""

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import load
import prepared
import serving
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from population import FIRST_ID, SHEETS_EACH

from app.extensions import db
from app.models.accounts import Account
from app.models.devices import TrustedDevice
from app.models.engine import begin_for_writing
from app.services import devices, sessions

PROVIDERS = 2_000  # more than check in within a round
ROUNDS = 7
SECONDS_A_ROUND = 3.0
BARE_REQUESTS_A_ROUND = 20_000  # more than it gets through
TIMEOUT_S = 60.0
HALF_OF_A_SIGNATURE = 32  # bytes of r and of s


@dataclass
class Phone:
    """A provider's enrolled phone: what it sends a check-in or check-out with."""

    account: int
    assignment: int
    device: int
    cookie: str
    key: ec.EllipticCurvePrivateKey

    def tap(self, kind: str, port: int) -> bytes:
        """The request of a tap, made now."""
        said: list[Any] = [
            str(uuid.uuid4()), kind, self.account,
            datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            {"assignment": self.assignment, "location": "home"},
        ]  # fmt: skip
        item = dict(zip(("id", "kind", "account", "made_at", "data"), said, strict=True))
        item |= {"device": self.device, "signature": self._sign(said)}
        headers = (
            f"Cookie: {self.cookie}", "X-Requested-With: carehours",
            f"Origin: http://localhost:{port}", "Sec-Fetch-Site: same-origin",
        )  # fmt: skip
        return load.request("/offline/events", json.dumps([item]).encode(), port, headers)

    def _sign(self, said: list[Any]) -> str:
        text = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
        der = self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
        raw = b"".join(
            half.to_bytes(HALF_OF_A_SIGNATURE, "big") for half in utils.decode_dss_signature(der)
        )
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def measure(folder: Path) -> dict[str, Any]:
    """The figure of P1 with the times beside it."""
    app = prepared.portal(folder, PROVIDERS * SHEETS_EACH)
    phones = enroll(app)
    bare_environment = {"BARE_DATABASE": str(folder / "bare.db")}
    rounds = []
    with (
        serving.portal(folder) as portal,
        serving.application("bare:create_app", Path(__file__).parent, bare_environment) as floor,
    ):
        bare_taps = [_bare_tap(floor.port)] * BARE_REQUESTS_A_ROUND
        for _ in range(ROUNDS + 1):
            check_ins = [phone.tap("check-in", portal.port) for phone in phones]
            ours = load.send(check_ins, portal.port, SECONDS_A_ROUND)
            _check(ours)
            rounds.append((ours, load.send(bare_taps, floor.port, SECONDS_A_ROUND)))
            # Outside the measure: everybody goes home, so that the next check-in begins a visit.
            check_outs = [phone.tap("check-out", portal.port) for phone in phones[: ours.count]]
            _check(load.send(check_outs, portal.port, TIMEOUT_S))
    rounds = rounds[1:]  # the first one warms both up
    runs = [round(ours.per_second / bare.per_second, 3) for ours, bare in rounds]
    return {
        "value": round(median(runs), 3),
        "unit": "check-ins a second / bare Flask+sqlite3 commits a second",
        "runs": runs,
        "check_ins_per_second": round(median(ours.per_second for ours, _ in rounds)),
        "bare_per_second": round(median(bare.per_second for _, bare in rounds)),
        "check_in_ms": _times([ours for ours, _ in rounds]),
        "bare_ms": _times([bare for _, bare in rounds]),
    }


def _times(answers: list[load.Answers]) -> dict[str, float]:
    cuts = [quantiles(each.times, n=100) for each in answers]
    return {
        f"p{percent}": round(median(cut[percent - 1] for cut in cuts) * 1000, 2)
        for percent in (50, 95, 99)
    }


def _check(answers: load.Answers) -> None:
    """Every event must have been received: a fast refusal is no check-in."""
    for body in answers.bodies:
        [result] = json.loads(body)["results"]
        assert result["result"] == "received", result


def _bare_tap(port: int) -> bytes:
    said = {"kind": "check-in", "made_at": "2026-03-16T15:00:00.000Z"}
    return load.request("/event", json.dumps(said).encode(), port)


def enroll(app: Flask) -> list[Phone]:
    """A signed-in phone with an enrolled key for each provider."""
    begin_for_writing()
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    signer = interface.get_signing_serializer(app)
    assert signer is not None
    phones = []
    at = datetime.now(UTC)
    with app.app_context():
        for key in range(FIRST_ID, FIRST_ID + PROVIDERS):
            account = db.session.get_one(Account, key)
            device, device_token = devices.remember(db.session, name="Bench", at=at)
            private = ec.generate_private_key(ec.SECP256R1())
            public = private.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            )
            db.session.add(
                TrustedDevice(
                    device_id=device.id, account_id=key, proved_at=at,
                    public_key=public.decode(), enrolled_at=at,
                )
            )  # fmt: skip
            token = sessions.start(
                db.session, account, method="passkey", device_id=device.id, at=at
            )
            session = signer.dumps({"_user_id": token, "_fresh": True})
            cookie = f"session={session}; device={device_token}"
            phones.append(Phone(key, key, device.id, cookie, private))
        db.session.commit()
    return phones
