"""A name is found however it is written."""

import pytest

from app.domain.names import folded, words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ANA", "ana"),
        ("  García-López ", "garcia lopez"),
        ("O’Brien", "obrien"),
        ("O'Brien", "obrien"),
        ("Ter_Hovhannisyan", "ter hovhannisyan"),
        ("Łukasz Øst", "lukasz ost"),
        ("Nuñez", "nunez"),
        ("Nun\N{COMBINING TILDE}ez", "nunez"),
        ("Straße", "strasse"),
        ("ԱՆԱՀԻՏ", "անահիտ"),
        ("陳大文", "陳大文"),
        ("- ’", ""),
    ],
)
def test_accents_case_hyphens_and_apostrophes_do_not_count(written: str, read: str) -> None:
    assert folded(written) == read


def test_a_name_of_several_words_is_found_by_each_and_as_one() -> None:
    assert words("María José", "de la Cruz") == {
        "maria", "jose", "mariajose", "de", "la", "cruz", "delacruz",
    }  # fmt: skip


def test_a_name_of_no_letters_has_no_words() -> None:
    assert words("", "-") == frozenset()
