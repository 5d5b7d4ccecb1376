"""How is a TOML file read so strictly that a misspelt key cannot pass unseen?

Every key of a table must be taken by its reader; `finish` names the first one that was not.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from app.domain.hours import parse_hhmm
from app.domain.outcomes import Refused
from app.domain.periods import LOS_ANGELES

T = TypeVar("T")


class TableError(Exception):
    """A file cannot be read; says at which key and why."""


class Table:
    """A table of the file, of which every key must be taken."""

    def __init__(self, content: object, at: str) -> None:
        if not isinstance(content, dict):
            raise TableError(f"{at}: must be a table")
        self._rest: dict[str, Any] = dict(content)
        self.at = at

    def key(self, name: str) -> str:
        """A key with the path to it."""
        return f"{self.at}.{name}" if self.at else name

    def take(self, name: str, read: Callable[[Any], T], *default: T | None) -> Any:
        """The value of a key as `read` has it; without a default the key must be there."""
        if name not in self._rest:
            if default:
                return default[0]
            raise TableError(f"{self.key(name)}: missing key")
        try:
            return read(self._rest.pop(name))
        except (TypeError, ValueError, Refused) as error:
            raise TableError(f"{self.key(name)}: {error}") from error

    def take_table(self, name: str, *default: object) -> "Table":
        """A table; an empty one where the key is not there and a default is given."""
        table: Table = self.take(
            name, table_at(self.key(name)), *(Table({}, name) for _ in default)
        )
        return table

    def take_tables(self, name: str) -> "list[Table]":
        """An array of tables; none where the key is not there."""
        tables = self.take(name, items, [])
        return [Table(content, self.key(name)) for content in tables]

    def names(self) -> list[str]:
        """The keys that nobody has taken yet."""
        return list(self._rest)

    def finish(self) -> None:
        """TableError where a key is left."""
        if self._rest:
            raise TableError(f"{self.key(next(iter(self._rest)))}: unknown key")


def table_at(at: str) -> Callable[[Any], Table]:
    """A reader of a table that stands at a path."""
    return lambda content: Table(content, at)


def text(value: Any) -> str:
    """Text; TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError("must be text")
    return value


def yes_or_no(value: Any) -> bool:
    """True or false; TypeError for anything else."""
    if not isinstance(value, bool):
        raise TypeError("must be true or false")
    return value


def whole_number(value: Any) -> int:
    """A whole number; TypeError for anything else."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("must be a whole number")
    return value


def hours(value: Any) -> int:
    """Minutes of hours written "HH:MM"; ValueError for anything else."""
    try:
        return parse_hhmm(text(value))
    except (Refused, TypeError) as error:
        raise ValueError(f'must be hours as "HH:MM", not {value!r}') from error


def day(value: Any) -> date:
    """A date without a time; TypeError for anything else."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError("must be a date")
    return value


def local_instant(value: Any) -> datetime:
    """A local date and time as an instant of Los Angeles; TypeError for anything else."""
    if not isinstance(value, datetime) or value.tzinfo is not None:
        raise TypeError("must be a local date and time")
    return value.replace(tzinfo=LOS_ANGELES)


def items(value: Any) -> list[Any]:
    """A list; TypeError for anything else."""
    if not isinstance(value, list):
        raise TypeError("must be a list")
    return value


def codes(value: Any) -> frozenset[str]:
    """A list of texts in any order."""
    return frozenset(map(text, items(value)))


def days(value: Any) -> frozenset[date]:
    """A list of dates in any order."""
    return frozenset(map(day, items(value)))


def one_of(names: Mapping[str, object]) -> Callable[[Any], str]:
    """A reader of one of these names; ValueError for any other."""

    def read(value: Any) -> str:
        if value not in names:
            raise ValueError(f"{value!r} is none of {', '.join(names)}")
        return text(value)

    return read
