"""How is a body read that a phone packed, so that a small one cannot become a huge one?"""

import zlib

from flask import abort, request

MOST_UNPACKED = 1024 * 1024  # bytes, as many as may come unpacked
GZIP = 16 + zlib.MAX_WBITS


def is_readable() -> bool:
    """Whether this request is packed as we unpack, or not at all."""
    return request.headers.get("Content-Encoding", "gzip") == "gzip"


def body() -> bytes:
    """The body of this request, unpacked; 413 where it is too large.

    A damaged body is answered as far as it could be read: what is wrong with it shows there.
    """
    packed = request.get_data()
    if "Content-Encoding" not in request.headers:
        return packed
    unpacking = zlib.decompressobj(GZIP)
    try:
        plain = unpacking.decompress(packed, MOST_UNPACKED)
    except zlib.error:
        return b""
    if unpacking.unconsumed_tail:
        abort(413)
    return plain
