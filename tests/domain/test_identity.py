"""Who is the person on file: how a name is written does not matter, everything else does."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain import identity
from app.domain.identity import NOBODY, Claim, Last4, OnFile, check_last4, check_number, matches
from app.domain.outcomes import Refused

BORN = date(1979, 4, 23)
ON_FILE = OnFile("Lucía", "Ramos-Vega", BORN, "4417")
CLAIM = Claim("Lucía", "Ramos-Vega", BORN, "4417")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("LUCIA", "RAMOS VEGA"),
        ("lucía", "ramosvega"),
        (" Lucía ", "Ramos–Vega"),  # an en dash, as phones make of two hyphens
        ("Luci\u0301a", "Ramos\u00a0Vega"),  # an accent of its own, a space that does not break
        ("L\u200bucía", "Ramos\u2010Vega"),  # what is pasted from a letter
    ],
)
def test_case_accents_hyphens_and_spaces_of_a_name_do_not_matter(first: str, last: str) -> None:
    assert matches(replace(CLAIM, first_name=first, last_name=last), ON_FILE)


@pytest.mark.parametrize(
    ("typed", "on_file"),
    [("Søren", "Soren"), ("ŁUKASZ", "Lukasz"), ("O’Brien", "O'Brien"), ("Strauß", "STRAUSS")],
)
def test_letters_with_strokes_and_curly_signs_are_the_plain_ones(typed: str, on_file: str) -> None:
    assert identity.normal(typed) == identity.normal(on_file)


@pytest.mark.parametrize(
    "other",
    [
        {"first_name": "Lucy"},
        {"first_name": "Lucía María"},
        {"first_name": "Lucía."},
        {"last_name": "Ramos"},
        {"last_name": "Vega-Ramos"},
        {"born_on": date(1979, 4, 24)},
        {"born_on": date(1979, 3, 24)},
        {"last4": "4418"},
        {"last4": ""},
    ],
)
def test_nothing_else_is_forgiven(other: dict[str, object]) -> None:
    assert not matches(replace(CLAIM, **other), ON_FILE)  # type: ignore[arg-type]


def test_an_apostrophe_is_part_of_a_name() -> None:
    assert identity.normal("O'Brien") != identity.normal("OBrien")


def test_letters_of_another_script_are_other_letters() -> None:
    assert identity.normal("\u0410na") != identity.normal("Ana")  # a Cyrillic A


@pytest.mark.parametrize("missing", [{"born_on": None}, {"last4": None}, {"last4": ""}])
def test_a_record_that_proves_nothing_matches_nobody(missing: dict[str, None]) -> None:
    assert not matches(replace(CLAIM, last4=""), replace(ON_FILE, **missing))
    assert not matches(CLAIM, replace(ON_FILE, **missing))


def test_nobody_is_matched_by_nobody() -> None:
    typed = Claim(NOBODY.first_name, NOBODY.last_name, date(1900, 1, 1), "none")
    with pytest.raises(Refused):
        check_last4(typed.last4, Last4.SSN)  # so it never comes to a comparison


def test_the_letter_of_a_cin_may_be_small() -> None:
    assert check_last4("417b", Last4.CIN) == "417B"
    assert matches(replace(CLAIM, last4="417b"), replace(ON_FILE, last4="417B"))


@pytest.mark.parametrize(
    ("number", "is_case", "code"),
    [
        ("10000000", False, "PROVIDER_NUMBER_SHAPE"),
        ("1000000099", False, "PROVIDER_NUMBER_SHAPE"),
        ("10000000A", False, "PROVIDER_NUMBER_SHAPE"),
        ("100000009", True, "CASE_NUMBER_SHAPE"),
        ("", True, "CASE_NUMBER_SHAPE"),
    ],
)
def test_what_no_number_could_be_is_refused(number: str, is_case: bool, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_number(number, is_case=is_case)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("last4", "of", "code"),
    [("441", Last4.SSN, "SSN_SHAPE"), ("123-45-4417", Last4.SSN, "SSN_SHAPE"), ("4417X", Last4.CIN, "CIN_SHAPE")],
)  # fmt: skip
def test_what_no_last_four_could_be_is_refused(last4: str, of: Last4, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_last4(last4, of)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "typed", ["05/31/1950", "5/31/1950", "5-31-1950", "05311950", "1950-05-31", "05 31 1950", "０５３１１９５０"]
)  # fmt: skip
def test_a_day_of_birth_is_read_as_people_type_it(typed: str) -> None:
    assert identity.day_of(typed) == date(1950, 5, 31)


@pytest.mark.parametrize(
    "typed", ["", "1950", "31/05/1950", "02/30/1950", "05/31/50", "May", "1/2/3/4"]
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert identity.day_of(typed) is None
