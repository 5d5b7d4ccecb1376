"""Which value of a parameter is in force on a day, and by whose authority.

The values live in `parameters.toml`. A file with a gap or an overlap between two dates, an unknown
unit or a missing authority is refused when it is loaded, naming file, key and date.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.domain.hours import parse_hhmm
from app.domain.outcomes import Refused

PARAMETERS_FILE = Path(__file__).with_name("parameters.toml")
UNITS = frozenset({"hours", "minutes", "seconds", "days", "metres", "km/h", "percent", "count"})


class ParameterError(Exception):
    """The file of parameters is wrong, or has no value for the day asked: a fault of the program."""


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value, the days on which it holds (both inclusive; None is open) and where it comes from."""

    value: int
    starts_on: date
    ends_on: date | None
    authority: str
    reference: str

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: what it is about, its unit, and its values from the first to the last."""

    name: str
    about: str
    unit: str
    values: tuple[DatedValue, ...]


def value(name: str, on: date) -> int:
    """The value in force on a day: minutes where the unit is hours, else a number of its unit.

    >>> value("workweek.overtime_after", date(2026, 3, 1))
    2400
    """
    return source(name, on).value


def source(name: str, on: date) -> DatedValue:
    """The value in force on a day with its dates and authority; ParameterError when there is none."""
    for dated in in_force()[name].values:
        if dated.holds_on(on):
            return dated
    raise ParameterError(f"{PARAMETERS_FILE.name}: {name} has no value on {on}.")


@cache
def in_force() -> Mapping[str, Parameter]:
    """All parameters of the project's file by name, read once."""
    return load(PARAMETERS_FILE)


def load(file: Path) -> Mapping[str, Parameter]:
    """All parameters of a file by name ("group.name"); ParameterError names file, key and date."""
    try:
        groups = tomllib.loads(file.read_text(encoding="utf-8"))
        return {
            f"{group}.{name}": _parameter(f"{group}.{name}", content)
            for group, names in groups.items()
            for name, content in names.items()
        }
    except (tomllib.TOMLDecodeError, ParameterError) as error:
        raise ParameterError(f"{file.name}: {error}") from error


def _parameter(name: str, content: Any) -> Parameter:
    is_complete = isinstance(content, dict) and set(content) == {"about", "unit", "values"}
    if not is_complete or content["unit"] not in UNITS:
        raise ParameterError(f"{name} needs about, values and a unit of {sorted(UNITS)}.")
    dated = tuple(_dated(name, content["unit"], entry) for entry in content["values"])
    _refuse_gaps_and_overlaps(name, dated)
    return Parameter(name, content["about"], content["unit"], dated)


def _dated(name: str, unit: str, entry: dict[str, Any]) -> DatedValue:
    missing = {"from", "value", "authority", "reference"} - set(entry)
    unknown = set(entry) - {"from", "until", "value", "authority", "reference"}
    if missing or unknown:
        raise ParameterError(
            f"{name} from {entry.get('from', '?')}: missing {sorted(missing)}, unknown {sorted(unknown)}."
        )
    for key in sorted({"from", "until"} & set(entry)):
        if type(entry[key]) is not date:  # a TOML date and time is a date to Python, but no day
            raise ParameterError(f"{name} from {entry['from']}: {key} must be a day.")
    return DatedValue(
        value=_number(name, unit, entry),
        starts_on=entry["from"],
        ends_on=entry.get("until"),
        authority=entry["authority"],
        reference=entry["reference"],
    )


def _number(name: str, unit: str, entry: dict[str, Any]) -> int:
    """The value as a whole number: 1.5 would be cut to 1 unseen, and true read as 1."""
    value = entry["value"]
    try:
        if unit == "hours":
            return parse_hhmm(value)
        if type(value) is int and value >= 0:
            return value
    except (Refused, TypeError):
        pass
    raise ParameterError(f"{name} from {entry['from']}: {value!r} is no {unit}.")


def _refuse_gaps_and_overlaps(name: str, values: tuple[DatedValue, ...]) -> None:
    if not values:
        raise ParameterError(f"{name} has no values.")
    in_order = sorted(values, key=lambda dated: dated.starts_on)
    for earlier, later in pairwise(in_order):
        if earlier.ends_on is None or earlier.ends_on >= later.starts_on:
            raise ParameterError(f"{name} has two values on {later.starts_on}.")
        if earlier.ends_on + timedelta(days=1) < later.starts_on:
            raise ParameterError(f"{name} has no value on {earlier.ends_on + timedelta(days=1)}.")
    for dated in values:
        if dated.ends_on is not None and dated.ends_on < dated.starts_on:
            raise ParameterError(f"{name} ends before it starts, on {dated.starts_on}.")
