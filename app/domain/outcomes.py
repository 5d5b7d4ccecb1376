"""What a rule can say: no (`Refused`), or a remark beside the facts (`Finding`); never in words.

Rules speak codes and facts. Only `app/web/wording.py` turns a code into a sentence, in the language
of the person who reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Refused(Exception):  # noqa: N818 — it is an answer of a rule, not an error of the program.
    """A rule said no: `code` names the rule, `facts` what a sentence about it needs.

    >>> Refused("HOURS_OUT_OF_RANGE", typed="25")
    Refused('HOURS_OUT_OF_RANGE', typed='25')
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, object] = facts

    def __repr__(self) -> str:
        facts = "".join(f", {name}={value!r}" for name, value in self.facts.items())
        return f"Refused({self.code!r}{facts})"

    __str__ = __repr__


class Kind(StrEnum):
    """What a finding does to a submission."""

    BLOCK = "block"  # it cannot be paid as it stands, so it cannot be submitted
    WARNING = "warning"  # it goes on with a reason; the county may look at it
    HOLD = "hold"  # it is accepted and waits


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule remarked something: its code, the facts for a sentence, and what it does."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    kind: Kind = Kind.WARNING


def plain_facts(facts: Mapping[str, object]) -> dict[str, Any]:
    """Facts as JSON has them: days and instants in ISO form.

    >>> plain_facts({"on": date(2026, 3, 2), "by": 60})
    {'on': '2026-03-02', 'by': 60}
    """
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
    }


@dataclass(frozen=True, slots=True)
class Judged:
    """Something with all that the rules remarked about it."""

    findings: tuple[Finding, ...]

    def of_kind(self, kind: Kind) -> tuple[Finding, ...]:
        """The findings that do the same."""
        return tuple(finding for finding in self.findings if finding.kind is kind)

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """What stops it."""
        return self.of_kind(Kind.BLOCK)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What asks for a reason."""
        return self.of_kind(Kind.WARNING)

    @property
    def holds(self) -> tuple[Finding, ...]:
        """What lets it wait."""
        return self.of_kind(Kind.HOLD)


def block(code: str, **facts: object) -> Finding:
    """A finding that stops a submission."""
    return Finding(code, facts, Kind.BLOCK)


def warning(code: str, **facts: object) -> Finding:
    """A finding that asks for a reason and goes on."""
    return Finding(code, facts, Kind.WARNING)


def hold(code: str, **facts: object) -> Finding:
    """A finding with which a submission is accepted and waits."""
    return Finding(code, facts, Kind.HOLD)
