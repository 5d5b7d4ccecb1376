"""Parameters are dated, have an authority, and leave no day without a value or with two."""

from datetime import date
from pathlib import Path

import pytest

from app.domain import parameters
from app.domain.parameters import DatedValue, Parameter, ParameterError

DAY = date(2026, 3, 1)


def written(tmp_path: Path, *values: str, unit: str = "hours") -> Path:
    file = tmp_path / "law.toml"
    entries = "".join(
        f'[[a.b.values]]\n{value}\nauthority = "law"\nreference = "letter"\n' for value in values
    )
    file.write_text(f'[a.b]\nabout = "x"\nunit = "{unit}"\n{entries}', encoding="utf-8")
    return file


def test_each_parameter_of_the_project_has_a_value_and_an_authority() -> None:
    for name in parameters.in_force():
        source = parameters.source(name, DAY)
        assert source.authority, name
        assert source.reference, name


def test_a_value_holds_on_its_first_and_its_last_day(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        'from = 2026-01-01\nuntil = 2026-02-28\nvalue = "40:00"',
        'from = 2026-03-01\nvalue = "44:00"',
    )

    before, after = parameters.load(file)["a.b"].values

    assert (before.value, after.value) == (2400, 2640)
    assert before.holds_on(date(2026, 1, 1))
    assert before.holds_on(date(2026, 2, 28))
    assert not before.holds_on(DAY)
    assert after.holds_on(DAY)


@pytest.mark.parametrize(
    ("until", "complaint"),
    [
        ("until = 2026-02-27\n", "law.toml: a.b has no value on 2026-02-28"),
        ("until = 2026-03-01\n", "law.toml: a.b has two values on 2026-03-01"),
        ("", "law.toml: a.b has two values on 2026-03-01"),
    ],
)
def test_gaps_and_overlaps_are_refused_naming_file_key_and_date(
    tmp_path: Path, until: str, complaint: str
) -> None:
    file = written(
        tmp_path,
        f'from = 2026-01-01\n{until}value = "40:00"',
        'from = 2026-03-01\nvalue = "44:00"',
    )

    with pytest.raises(ParameterError, match=complaint):
        parameters.load(file)


@pytest.mark.parametrize(
    ("value", "unit", "complaint"),
    [
        ('from = 2026-01-01\nvalue = "40"', "hours", "'40' is no hours"),
        ('from = 2026-01-01\nvalue = "forty"', "days", "'forty' is no days"),
        ("from = 2026-01-01\nvalue = 1", "furlongs", "a.b needs"),
        ("from = 2026-01-01\nvalue = 1\nnote = 1", "days", "unknown"),
        ("from = 2026-01-01", "days", "missing"),
        ("from = 2026-01-02\nuntil = 2026-01-01\nvalue = 1", "days", "ends before it starts"),
        ("from = 2026-01-01\nvalue = 1.5", "days", "from 2026-01-01: 1.5 is no days"),
        ("from = 2026-01-01\nvalue = true", "days", "True is no days"),
        ("from = 2026-01-01\nvalue = -1", "days", "-1 is no days"),
        ("from = 2026-01-01\nvalue = 40", "hours", "40 is no hours"),
        ('from = "2026-01-01"\nvalue = 1', "days", "a.b from 2026-01-01: from must be a day"),
        ("from = 2026-01-01\nuntil = 2026-02-01T00:00:00\nvalue = 1", "days", "until must be"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused(
    tmp_path: Path, value: str, unit: str, complaint: str
) -> None:
    with pytest.raises(ParameterError, match=complaint):
        parameters.load(written(tmp_path, value, unit=unit))


def test_a_day_before_the_first_value_has_none() -> None:
    with pytest.raises(ParameterError, match="overtime_after has no value on 2015-12-31"):
        parameters.value("workweek.overtime_after", date(2015, 12, 31))


def test_a_parameter_without_a_table_of_its_own_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "law.toml"
    file.write_text("[a]\nb = 3\n", encoding="utf-8")

    with pytest.raises(ParameterError, match=r"law\.toml: a\.b needs about, values and a unit"):
        parameters.load(file)


def test_values_need_not_be_written_in_the_order_of_their_days(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        'from = 2026-03-01\nvalue = "44:00"',
        'from = 2026-01-01\nuntil = 2026-02-28\nvalue = "40:00"',
    )

    assert {dated.value for dated in parameters.load(file)["a.b"].values} == {2400, 2640}


def test_a_value_is_read_with_all_that_is_said_of_it(tmp_path: Path) -> None:
    file = written(tmp_path, "from = 2026-01-01\nuntil = 2026-01-01\nvalue = 0", unit="days")

    assert parameters.load(file) == {
        "a.b": Parameter(
            "a.b",
            "x",
            "days",
            (DatedValue(0, date(2026, 1, 1), date(2026, 1, 1), "law", "letter"),),
        )
    }


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ("values = []", "a.b has no values."),
        ("values = [{ from = 2026-01-01 }]", "a.b from 2026-01-01: missing"),
        ("values = [{ value = 1 }]", "a.b from ?: missing"),
        (
            'values = [{ from = 2026-01-01, value = -1, authority = "x", reference = "y" }]',
            "a.b from 2026-01-01: -1 is no days.",
        ),
    ],
)
def test_what_is_missing_is_named_with_its_key_and_day(
    tmp_path: Path, values: str, complaint: str
) -> None:
    file = tmp_path / "law.toml"
    file.write_text(f'[a.b]\nabout = "x"\nunit = "days"\n{values}\n', encoding="utf-8")

    with pytest.raises(ParameterError) as refused:
        parameters.load(file)

    assert str(refused.value).startswith(f"law.toml: {complaint}")
