"""How does a phone seal where it is, so that only the portal reads it?

A position may wait on a phone for two weeks, and pass through whatever lies between. The phone seals it
to a public key of ours with a key used once (ECDH on P-256, HKDF-SHA256, AES-256-GCM), bound to the tap
it belongs to. Under the next key ours still opens what waited (docs/offline.md).
"""

import base64
import binascii
import struct
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.gateways.derived_keys import CURVE, key_pairs, point_of
from app.gateways.secrets import Unreadable

PURPOSE = "seal-positions"
BOUND_TO = "carehours:position:"
POINT_LENGTH = 33  # bytes of a compressed point
PLAIN = struct.Struct(">iiI")  # latitude and longitude × 10^7, accuracy in centimetres
TAG_LENGTH = 16
LENGTH = POINT_LENGTH + PLAIN.size + TAG_LENGTH
ONCE = bytes(12)  # each key seals a single position, so its nonce need not differ
DEGREES = 10**7
CENTIMETRES = 100


class PositionKeys:
    """The key pairs to which phones seal; one for each sealing key of the installation.

    `seals_to` is the version that phones are told, which is that of the key which seals now.
    """

    def __init__(self, sealing_keys: Mapping[int, bytes]) -> None:
        self._keys = key_pairs(sealing_keys, PURPOSE)
        self.seals_to = next(iter(self._keys))
        self.public = _text(point_of(self._keys[self.seals_to].public_key()))

    def open(self, sealed: str, event_id: str, version: int) -> tuple[float, float, float]:
        """Latitude and longitude in degrees and accuracy in metres, sealed for the tap `event_id`.

        Raises Unreadable for what was changed, belongs to another tap, or is for no key of ours.
        """
        key = self._keys.get(version)
        if key is None:
            raise Unreadable("a position is sealed to a key that is not in the ring")
        try:
            raw = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
            point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw[:POINT_LENGTH])
            plain = AESGCM(_key_of(key, point, event_id)).decrypt(ONCE, raw[POINT_LENGTH:], None)
            latitude, longitude, accuracy = PLAIN.unpack(plain)
        except (InvalidTag, binascii.Error, ValueError, struct.error) as error:
            raise Unreadable("a position is damaged, or sealed for another tap") from error
        return latitude / DEGREES, longitude / DEGREES, accuracy / CENTIMETRES


_ours: PositionKeys | None = None


def unlock(sealing_keys: Mapping[int, bytes]) -> None:
    """Hand the keys over: said once by create_app."""
    global _ours
    _ours = PositionKeys(sealing_keys)


def ours() -> PositionKeys:
    """The key pairs of this installation; RuntimeError before they were handed over."""
    if _ours is None:
        raise RuntimeError("No sealing keys were handed over.")
    return _ours


def seal(
    position: tuple[float, float, float], event_id: str, public: str
) -> str:  # what phones do, for tests and simulators
    """A position sealed to a public key for one tap, as a phone seals it."""
    latitude, longitude, accuracy = position
    once = ec.generate_private_key(CURVE)
    point = base64.urlsafe_b64decode(public + "=" * (-len(public) % 4))
    key = _key_of(once, ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point), event_id)
    plain = PLAIN.pack(
        round(latitude * DEGREES), round(longitude * DEGREES), round(accuracy * CENTIMETRES)
    )
    return _text(_compressed(once.public_key()) + AESGCM(key).encrypt(ONCE, plain, None))


def _key_of(
    mine: ec.EllipticCurvePrivateKey, theirs: ec.EllipticCurvePublicKey, event_id: str
) -> bytes:
    shared = mine.exchange(ec.ECDH(), theirs)
    info = (BOUND_TO + event_id).encode()
    return HKDF(SHA256(), length=32, salt=b"", info=info).derive(shared)


def _compressed(key: ec.EllipticCurvePublicKey) -> bytes:
    raw = point_of(key)
    half = len(raw) // 2
    return bytes([2 + raw[-1] % 2]) + raw[1 : half + 1]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
