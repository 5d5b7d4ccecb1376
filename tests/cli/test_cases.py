"""`flask cases import FILE` takes a county's file in whole, or names each row that it cannot take."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.models.audit import AuditEvent
from app.models.cases import Assignment, AuthorizedHours, Case, Signatory
from app.models.people import County, Person, Provider, Recipient, WageRate

EXAMPLE = """\
record,provider_number,case_number,first_name,last_name,date_of_birth,language,county,address,latitude,longitude,program,starts_on,ends_on,hours,live_in,relationship
assignment,200000001,2000001,,,,,,,,,,2026-01-01,,100:00,no,
provider,200000001,,Luz,Ortega,1980-02-29,es,,,,,,,,,,
case,,2000001,"Vartan, Sr.",Sarkisian,1941-07-04,hy,Los Angeles,"12 Example Street, Glendale",34.1425,-118.2551,,,,,,
hours,,2000001,,,,,,,,,,2026-01-01,,195:00,,
hours,,2000001,,,,,,,,,,2026-07-01,,210:30,,
signatory,,2000001,Ani,Sarkisian,1970-01-01,,,,,,,2026-01-01,2026-12-31,,,

"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cases.csv"


def load(app: Flask, file: Path, content: str | bytes) -> tuple[int, str]:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    result = app.test_cli_runner().invoke(args=["cases", "import", str(file)])
    return result.exit_code, result.output


def count(session: Session, *tables: type) -> list[int | None]:
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_a_file_brings_in_people_cases_hours_and_assignments(
    app: Flask, session: Session, file: Path
) -> None:
    code, output = load(app, file, EXAMPLE)
    assert (code, output) == (
        0,
        "1 provider added, 1 case added, 2 hours added, 1 assignment added, 1 signatory added, "
        "0 unchanged.\n",
    )
    case = session.scalars(select(Case)).one()
    assert case.recipient.person.full_name == "Vartan, Sr. Sarkisian"
    assert (case.recipient.county.name, case.recipient.home) == (
        "Los Angeles",
        (34.1425, -118.2551),
    )
    assert [grant.monthly_minutes for grant in case.grants] == [195 * 60, 210 * 60 + 30]
    assignment = session.scalars(select(Assignment)).one()
    assert assignment.provider.person.language == "es"
    assert (assignment.program, assignment.assigned_minutes, assignment.live_in) == (
        "ihss",
        6000,
        False,
    )
    assert session.scalars(select(AuditEvent.action)).all() == ["cases:import"]


def test_the_counties_of_california_come_with_their_wages(
    app: Flask, session: Session, file: Path
) -> None:
    load(app, file, EXAMPLE)
    rates = session.execute(
        select(County.name, WageRate.cents).join(WageRate.county).order_by(WageRate.starts_on)
    )
    wages = {row.name: row.cents for row in rates}
    assert wages["Los Angeles"] == 1964
    assert wages["San Francisco"] == 2300
    assert wages["Napa"] == 2090


def test_the_same_file_again_changes_nothing_and_a_changed_one_what_it_says(
    app: Flask, session: Session, file: Path
) -> None:
    load(app, file, EXAMPLE)
    assert load(app, file, EXAMPLE) == (0, "6 unchanged.\n")
    changed = EXAMPLE.replace("2026-01-01,,100:00", "2026-01-01,2026-06-30,90:00")
    assert load(app, file, changed) == (0, "1 assignment changed, 5 unchanged.\n")
    assert session.scalars(select(Assignment.assigned_minutes)).one() == 5400


def test_with_one_refused_row_nothing_is_changed(app: Flask, session: Session, file: Path) -> None:
    code, output = load(app, file, EXAMPLE.replace("210:30", "210.5"))
    assert code == 1
    assert output == (
        "line 6: hours must be hours like 195:00, not “210.5”.\n"
        "Error: 1 rows refused; nothing was changed.\n"
    )
    assert count(session, County, Provider, Case, AuthorizedHours, Signatory) == [0] * 5


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("provider,200000001", "provider,20000001", 3, "provider_number must have 9 digits"),
        ("1980-02-29", "1981-02-29", 3, "date_of_birth must be a day like 2026-11-24"),
        ("Los Angeles", "Lost Angels", 4, "There is no county “Lost Angels”."),
        ("34.1425", "134.1", 4, "latitude must be degrees"),
        ("34.1425", "NaN", 4, "latitude must be degrees"),
        ("34.1425", "", 4, "latitude is empty."),
        ("Luz", "", 3, "first_name is empty."),
        ("hours,,2000001", "hours,,9999999", 5, "There is no case 9999999"),
        ("assignment,200000001", "assignment,999999999", 2, "There is no provider 999999999"),
        ("100:00,no", "100:00,maybe", 2, "live_in cannot be “maybe”."),
        ("2026-01-01,2026-12-31", "2026-12-31,2026-01-01", 7, "before it starts on"),
        ("2026-07-01", "2026-01-01", 6, "Line 5 already says this."),
        ("signatory,", "friend,", 7, "“friend” is not a kind of record."),
        ("195:00,,", "195:00,,,,", 5, "more cells than there are columns"),
        ("100:00,no", "١٠٠:00,no", 2, "hours must be hours like 195:00"),
    ],
)
def test_each_refused_row_is_named_by_its_line_and_reason(
    app: Flask, session: Session, file: Path, old: str, new: str, line: int, words: str
) -> None:
    code, output = load(app, file, EXAMPLE.replace(old, new, 1))
    assert code == 1
    assert f"line {line}: " in output
    assert words in output
    assert count(session, Provider) == [0]


def test_every_refused_row_is_named_once_and_what_rests_on_it_is_not(
    app: Flask, file: Path
) -> None:
    for old, new, line in (("Los Angeles", "Lost Angels", 4), ("1980-02-29", "soon", 3)):
        _code, output = load(app, file, EXAMPLE.replace(old, new))
        assert [words.split(":")[0] for words in output.splitlines()] == [f"line {line}", "Error"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"record,shoe_size\n", "shoe_size"),
        (b"case_number\n", "record"),
        (b"record,first_name\nprovider,Mar\xeda\n", "UTF-8"),
        (b"record,address\ncase," + b"x" * 200_000 + b"\n", "CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    app: Flask, file: Path, content: bytes, words: str
) -> None:
    code, output = load(app, file, content)
    assert code == 1
    assert words in output


def test_excels_mark_and_line_ends_are_read(app: Flask, session: Session, file: Path) -> None:
    content = b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode()
    assert load(app, file, content)[0] == 0
    assert session.scalars(select(Recipient.address)).one() == "12 Example Street, Glendale"


WITH_LAST4 = """\
record,provider_number,case_number,first_name,last_name,date_of_birth,county,address,starts_on,ssn_last4,cin_last4
provider,200000001,,Luz,Ortega,1980-02-29,,,,0417,
case,,2000001,Vartan,Sarkisian,1941-07-04,Los Angeles,"12 Example Street",,1234,417b
signatory,,2000001,Ani,Sarkisian,1970-01-01,,,2026-01-01,7730,
"""


def last4_of(session: Session) -> dict[str, tuple[str | None, str | None]]:
    session.expire_all()
    return {
        person.first_name: (person.ssn_last4, person.cin_last4)
        for person in session.scalars(select(Person))
    }


def test_the_last_four_of_numbers_come_with_people_and_are_sealed(
    app: Flask, session: Session, file: Path
) -> None:
    code, _output = load(app, file, WITH_LAST4)

    assert code == 0
    assert last4_of(session) == {
        "Luz": ("0417", None),
        "Vartan": ("1234", "417B"),
        "Ani": ("7730", None),
    }
    kept = " ".join(session.scalars(text("SELECT ssn_last4 FROM person")))
    assert not {"0417", "1234", "7730"} & set(kept.split())


def test_an_empty_cell_takes_nothing_away_and_a_later_file_brings_it(
    app: Flask, session: Session, file: Path
) -> None:
    load(app, file, WITH_LAST4)
    fewer = WITH_LAST4.replace("0417", "").replace("1234,417b", ",").replace("7730", "7731")

    _code, output = load(app, file, fewer)

    assert output == "1 signatory changed, 2 unchanged.\n"
    assert last4_of(session) == {
        "Luz": ("0417", None),
        "Vartan": ("1234", "417B"),
        "Ani": ("7731", None),
    }


@pytest.mark.parametrize("wrong", ["417", "123-45-0417", "O417"])
def test_a_wrong_last_four_is_refused_and_never_repeated(
    app: Flask, file: Path, wrong: str
) -> None:
    code, output = load(app, file, WITH_LAST4.replace("0417", wrong))

    assert code == 1
    assert "line 2: ssn_last4 must be the last four of the number, and no more." in output
    assert wrong not in output


TWO_PARENTS = """\
record,provider_number,case_number,first_name,last_name,date_of_birth,county,address,starts_on,ssn_last4
case,,2000001,Vartan,Sarkisian,1941-07-04,Los Angeles,"12 Example Street",,1234
case,,2000002,Nazeli,Sarkisian,1944-01-30,Los Angeles,"12 Example Street",,4321
signatory,,2000001,Ani,Sarkisian,1970-01-01,,,2026-01-01,{first}
signatory,,2000002,Ani,Sarkisian,{born},,,2026-01-01,{second}
"""


@pytest.mark.parametrize(
    ("first", "second", "born", "people"),
    [
        ("7730", "7730", "1970-01-01", 1),
        ("7730", "7731", "1970-01-01", 2),
        ("7730", "7730", "1971-01-01", 2),
        ("", "", "1970-01-01", 2),  # names and a day of birth alone prove nothing
    ],
)
def test_a_child_who_signs_for_both_parents_is_one_person(
    app: Flask, session: Session, file: Path, first: str, second: str, born: str, people: int
) -> None:
    load(app, file, TWO_PARENTS.format(first=first, second=second, born=born))

    assert session.scalar(select(func.count(func.distinct(Signatory.person_id)))) == people
    assert count(session, Signatory) == [2]
