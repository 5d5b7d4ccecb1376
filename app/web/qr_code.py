"""What does a phone's camera read from a screen? A QR code, drawn as SVG by segno."""

from dataclasses import dataclass

import segno

QUIET = 4  # modules around it: ISO/IEC 18004 asks for four


@dataclass(frozen=True, slots=True)
class Drawing:
    """A QR code as one path of unit squares, in a square view of `size` units."""

    size: int
    path: str


def of(text: str) -> Drawing:
    """The code that holds the text.

    >>> of("CareHours").size
    29
    """
    rows = list(segno.make_qr(text, error="m").matrix)
    squares = (
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return Drawing(len(rows) + 2 * QUIET, "".join(squares))
