"""How does a document become a PDF that prints well, in any language of the portal?

fpdf2 sits behind this module. The same content gives the same bytes, so two copies can be compared.
Letters are embedded (fonts/README.md); the large set of Chinese ones is only read where it is needed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypeAlias

from fontTools.ttLib import TTFont
from fpdf import FPDF, FontFace
from fpdf.enums import Align, TableBordersLayout, XPos, YPos

FONTS = Path(__file__).with_name("fonts")
WEIGHTS = {"": 400, "B": 700}
MAIN = "noto-sans-latin"
FURTHER = (
    "noto-sans-latin-ext",
    "noto-sans-vietnamese",
    "noto-sans-cyrillic",
    "noto-sans-armenian",
    "noto-sans-tc",
)
MISSING = "?"
MARGIN, FOOT = 18, 22  # millimetres
LINE = 1.45  # times the size of the letters
BODY, SMALL, HEADING, TITLE = 10.5, 8.5, 13, 19  # points
POINT = 25.4 / 72  # millimetres
SOFT, LINES, HEAD = (85, 92, 101), (169, 174, 177), (240, 243, 242)


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and a value."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the last column holds numbers, and so does the last row where it is a total."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sentences:
    """Whole sentences, each on a line of its own."""

    lines: tuple[str, ...]


Body: TypeAlias = Facts | Grid | Sentences


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document under a heading of its own."""

    heading: str
    body: Body


@dataclass(frozen=True, slots=True)
class Document:
    """What a printed page says, in the reader's words; `foot` stands at the bottom of every page.

    `page_words` tells which page it is, with `%(page)s` and `%(pages)s`. `made_at` is the instant
    that the file itself names: that of what it shows, not of the printing, so that copies are alike.
    """

    kicker: str
    title: str
    status: str
    language: str
    sections: tuple[Section, ...]
    foot: str
    page_words: str
    made_at: datetime


def as_pdf(document: Document) -> bytes:
    """The document as a PDF on Letter paper. A letter that no font has becomes a question mark."""
    sheet = _Sheet(document)
    sheet.begin()
    for section in document.sections:
        sheet.heading(section.heading)
        _write(sheet, section.body)
    return bytes(sheet.output())


class _Sheet(FPDF):
    """Pages with our letters, our margins, and the document's foot on each."""

    def __init__(self, document: Document) -> None:
        super().__init__(format="letter")
        self.document = document
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=FOOT)
        self.set_lang(document.language)
        self.set_title(document.title)
        self.set_subject(document.kicker)
        self.set_creator("CareHours")
        self.set_creation_date(document.made_at)
        self._add_letters()

    def begin(self) -> None:
        """The first page with what the document is."""
        self.add_page()
        self.line_of(self.document.kicker, size=BODY, color=SOFT)
        self.line_of(self.document.title, size=TITLE, style="B")
        self.line_of(self.document.status, size=BODY)

    def footer(self) -> None:
        """Called by fpdf2 at the end of each page."""
        self.set_y(-FOOT + 4)
        self.set_font(MAIN, size=SMALL)
        self.set_text_color(*SOFT)
        height = SMALL * POINT * LINE
        self.multi_cell(
            0, height, self.written(self.document.foot), new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        pages = self.document.page_words % {
            "page": self.page_no(),
            "pages": self.str_alias_nb_pages,
        }
        self.cell(0, height, pages)
        self.set_text_color(0)

    def heading(self, words: str) -> None:
        """A heading, never alone at the bottom of a page."""
        self.ln(4)
        if self.will_page_break(HEADING * POINT * LINE + 3 * BODY * POINT * LINE):
            self.add_page()
        self.line_of(words, size=HEADING, style="B")
        self.ln(1)

    def line_of(
        self, words: str, *, size: float, style: str = "", color: tuple[int, int, int] = (0, 0, 0)
    ) -> None:
        """A paragraph."""
        self.set_font(MAIN, style, size)
        self.set_text_color(*color)
        height = size * POINT * LINE
        self.multi_cell(
            0, height, self.written(words), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        self.set_text_color(0)

    def written(self, text: str) -> str:
        """The text with a question mark for each letter that no font has."""
        known = _letters()
        return "".join(
            letter if letter == "\n" or ord(letter) in known else MISSING for letter in text
        )

    def _add_letters(self) -> None:
        needed = {ord(letter) for text in _texts(self.document) for letter in text}
        families = [name for name in FURTHER if needed - _letters_of(MAIN) & _letters_of(name)]
        for name in (MAIN, *families):
            for style, weight in WEIGHTS.items():
                if (path := FONTS / f"{name}-{weight}.woff").is_file():
                    self.add_font(name, style, path)
        self.set_fallback_fonts(families, exact_match=False)


def _write(sheet: _Sheet, body: Body) -> None:
    match body:
        case Facts():
            _write_facts(sheet, body)
        case Grid():
            _write_grid(sheet, body)
        case Sentences():
            _write_sentences(sheet, body)


def _write_facts(sheet: _Sheet, facts: Facts) -> None:
    sheet.set_font(MAIN, size=BODY)
    sheet.set_draw_color(*LINES)
    with sheet.table(
        first_row_as_headings=False,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        col_widths=(2, 3),
        line_height=BODY * POINT * LINE,
        padding=(0.8, 0),
        text_align=(Align.L, Align.L),
    ) as table:
        for name, value in facts.rows:
            row = table.row()
            row.cell(sheet.written(name), style=FontFace(color=SOFT))
            row.cell(sheet.written(value))


def _write_grid(sheet: _Sheet, grid: Grid) -> None:
    sheet.set_font(MAIN, size=BODY)
    sheet.set_draw_color(*LINES)
    others = len(grid.columns) - 1
    with sheet.table(
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        col_widths=(3, *[2] * (others - 1), 1.4) if others > 1 else (3, 1),
        headings_style=FontFace(emphasis="BOLD", fill_color=HEAD),
        line_height=BODY * POINT * LINE,
        padding=(0.8, 1),
        text_align=(*[Align.L] * others, Align.R),
    ) as table:
        for cells in (grid.columns, *grid.rows):
            row = table.row()
            for cell in cells:
                row.cell(sheet.written(cell))
        if grid.total is not None:
            row = table.row()
            for cell in grid.total:
                row.cell(sheet.written(cell), style=FontFace(emphasis="BOLD"))


def _write_sentences(sheet: _Sheet, sentences: Sentences) -> None:
    for line in sentences.lines:
        sheet.line_of(line, size=BODY)
        sheet.ln(0.8)


def _texts(document: Document) -> Iterator[str]:
    """Every text of a document, to see which letters it needs."""
    yield from (document.kicker, document.title, document.status, document.foot)
    yield document.page_words
    for section in document.sections:
        yield section.heading
        yield from _texts_in(section.body)


def _texts_in(body: Body) -> Iterator[str]:
    if isinstance(body, Sentences):
        yield from body.lines
    elif isinstance(body, Facts):
        for row in body.rows:
            yield from row
    else:
        for cells in (body.columns, *body.rows, body.total or ()):
            yield from cells


@cache
def _letters_of(family: str) -> frozenset[int]:
    """The letters that a family has; those of its lightest weight."""
    with TTFont(FONTS / f"{family}-{WEIGHTS['']}.woff", lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _letters() -> frozenset[int]:
    """The letters that any family has."""
    return frozenset().union(*(_letters_of(family) for family in (MAIN, *FURTHER)))
