"""A phone as the tests hold it: an enrolled key, a chain of signed events, and what it sends of them.

It writes what service_worker/vault.js and chain.js write (docs/offline.md, 10).
"""

import base64
import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.devices import Device, TrustedDevice

Item = dict[str, Any]


class Phone:
    """One person's key on one device; a second person on the same device has a chain of her own."""

    def __init__(
        self, session: Session, account: Account, at: datetime, *, device: int | None = None
    ) -> None:
        self.key = generate_private_key(SECP256R1())
        self.account = account.id
        self.device = device or _new_device(session, at)
        public = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self.trust = TrustedDevice(
            device_id=self.device, account_id=account.id, proved_at=at, enrolled_at=at,
            public_key=public.decode(),
        )  # fmt: skip
        session.add(self.trust)
        session.commit()
        self.number, self.previous, self.anchor = 0, "", ""

    def says(self, kind: str, made_at: datetime, *, since: int | None = None, **data: Any) -> Item:
        """A signed event, linked to the one before."""
        item = {
            "id": str(uuid4()), "kind": kind, "account": self.account,
            "made_at": instant(made_at), "data": data,
        }  # fmt: skip
        self.number += 1
        proof = {
            "number": self.number, "previous": self.previous, "anchor": self.anchor, "since": since,
        }  # fmt: skip
        return self.signed(item | {"proof": proof}, goes_on=True)

    def check_in(self, assignment: int, made_at: datetime, **more: Any) -> Item:
        return self.says(
            "check-in", made_at, **{"assignment": assignment, "location": "home"} | more
        )

    def check_out(self, assignment: int, made_at: datetime, **more: Any) -> Item:
        return self.says(
            "check-out", made_at, **{"assignment": assignment, "location": "home"} | more
        )

    def position(self, tap: Item, made_at: datetime, where: tuple[float, float, float]) -> Item:
        """Where it was at a tap: latitude, longitude, and accuracy in metres."""
        latitude, longitude, accuracy = (str(number) for number in where)
        told = {"latitude": latitude, "longitude": longitude, "accuracy": accuracy}
        return self.says("position", made_at, event=tap["id"], **told)

    def signed(self, item: Item, *, goes_on: bool = False) -> Item:
        """The item signed anew as it stands; the chain goes on from it where it is asked to."""
        text = said(item)
        if goes_on:
            self.previous = b64(hashlib.sha256(text.encode()).digest())
        r, s = decode_dss_signature(self.key.sign(text.encode(), ECDSA(SHA256())))
        signature = b64(r.to_bytes(32) + s.to_bytes(32))
        return item | {"device": self.device, "signature": signature}


def said(item: Item) -> str:
    """The text that is signed."""
    parts = [item[name] for name in ("id", "kind", "account", "made_at", "data")]
    if (proof := item.get("proof")) is not None:
        parts.append([proof[name] for name in ("number", "previous", "anchor", "since")])
    return json.dumps(parts, separators=(",", ":"), ensure_ascii=False)


def of_the_first_form(item: Item) -> Item:
    """The same event as phones wrote it before they numbered and linked events."""
    return {name: value for name, value in item.items() if name != "proof"}


def short(items: list[Item]) -> list[Item]:
    """A list as a phone sends it: without what each predecessor tells, and signed once."""
    first, *rest = items
    found = [first]
    for item in rest:
        proof = {name: item["proof"][name] for name in ("number", "since")}
        found.append(item | {"proof": proof})
    return [each | {"signature": None} for each in found[:-1]] + [found[-1]]


def instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _new_device(session: Session, at: datetime) -> int:
    device = Device(token_hash=str(uuid4()), name="Phone", created_at=at)
    session.add(device)
    session.flush()
    return device.id
