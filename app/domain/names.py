"""By which words is somebody's name found, however it is written: accents, case, hyphens, spaces?"""

import re
import unicodedata

# Letters that Unicode takes for letters of their own, and typists for the plain one.
PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "æ": "ae",
        "œ": "oe",
    }
)
APOSTROPHES = re.compile("['`\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}]")
NO_WORD = re.compile(r"[\W_]+")


def folded(name: str) -> str:
    """A name without accents and case, its words apart by single spaces.

    >>> folded("  GARCÍA-López "), folded("O’Brien"), folded("Łukasz")
    ('garcia lopez', 'obrien', 'lukasz')
    """
    letters = unicodedata.normalize("NFKD", APOSTROPHES.sub("", name).casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return NO_WORD.sub(" ", plain.translate(PLAIN)).strip()


def words(*names: str) -> frozenset[str]:
    """The words by which names are found; those of one name also written as one word.

    >>> sorted(words("Rosa", "de la Cruz"))
    ['cruz', 'de', 'delacruz', 'la', 'rosa']
    """
    plain = [folded(name) for name in names]
    apart = {word for name in plain for word in name.split()}
    return frozenset(apart | {name.replace(" ", "") for name in plain if name})
