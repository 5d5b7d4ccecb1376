"""Which P-256 key pairs follow from the keys of an installation, one for each purpose?

Whoever runs the portal keeps 32 bytes a version and nothing else. What signs and what opens is derived
from them by HKDF (RFC 5869), each under a name of its own, so that one never stands in for another.
"""

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ENOUGH = 48  # bytes: 128 bits more than the order's, so no scalar is likelier (FIPS 186-5, A.2.1)


def key_pairs(keys: Mapping[int, bytes], purpose: str) -> dict[int, ec.EllipticCurvePrivateKey]:
    """A key pair for each version, in the order of the keys; the same keys give the same pairs."""
    return {version: _key_pair(key, purpose) for version, key in keys.items()}


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as its 65 bytes, the way WebCrypto imports it as `raw`."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _key_pair(key: bytes, purpose: str) -> ec.EllipticCurvePrivateKey:
    derived = HKDF(SHA256(), length=ENOUGH, salt=None, info=f"carehours:{purpose}".encode())
    scalar = int.from_bytes(derived.derive(key)) % (ORDER - 1) + 1
    return ec.derive_private_key(scalar, CURVE)
