"""English is plain: about sixth grade by Flesch-Kincaid, and short sentences.

The Medi-Cal target for what people read is the sixth grade. The measure is rough on a few words, so
each sentence may be somewhat over it, but all of them together may not.
"""

import re
from pathlib import Path
from statistics import mean

from babel.messages.pofile import read_po

CATALOG = Path(__file__).parents[2] / "app" / "translations" / "messages.pot"
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")
SENTENCE_END = re.compile(r"(?<=[.!?:])\s+")
WORD = re.compile(r"[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]+)?")  # fmt: skip
VOWELS = re.compile(r"[aeiouy]+")
SILENT_END = re.compile(r"(?:[^laeiouy]e|[^tdaeiouy]ed|[^sxzcgaeiouy]es)$")
LONGEST_SENTENCE = 22
# The field's own names. People know them, and there is no shorter word for them.
NAMES = frozenset(
    [
        "timesheet",
        "timesheets",
        "carehours",
        "recipient",
        "recipients",
        "provider",
        "providers",
        "county",
        "california",
        "authorized",
        "authorization",
        "perjury",
        "signatory",
        "overtime",
        "passkey",
        "passkeys",
    ]
)


def syllables(word: str) -> int:
    """About how many; a name of the field counts as two.

    >>> syllables("cat"), syllables("saved"), syllables("table"), syllables("county")
    (1, 1, 2, 2)
    """
    word = word.lower()
    if word in NAMES:
        return 2
    return max(1, len(VOWELS.findall(word)) - bool(SILENT_END.search(word)))


def grade(sentences: list[list[str]]) -> float:
    """Flesch-Kincaid grade level of sentences, each a list of words."""
    words = [word for sentence in sentences for word in sentence]
    return (
        0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    )


def sentences() -> list[list[str]]:
    """Every sentence of the catalog in words; what is filled in counts as one short word."""
    with CATALOG.open("rb") as file:
        catalog = read_po(file)
    texts = []
    for message in catalog:
        for text in [message.id] if isinstance(message.id, str) else message.id:
            texts += SENTENCE_END.split(PLACE.sub("one", text))
    return [words for text in texts if len(words := WORD.findall(text)) >= 4]


def test_all_sentences_together_are_at_the_sixth_grade() -> None:
    assert grade(sentences()) <= 6


def test_no_sentence_is_long() -> None:
    long = [" ".join(words) for words in sentences() if len(words) > LONGEST_SENTENCE]
    assert long == []


def test_sentences_are_short_on_the_whole() -> None:
    assert mean(map(len, sentences())) <= 12
