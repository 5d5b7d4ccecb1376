"""What would the rules say to hours that somebody thinks of? Asked by anybody; nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from app.domain import what_if as rules
from app.domain.outcomes import Refused
from app.domain.what_if import Answer, Person, Question
from app.services.earnings import Wages


@dataclass(frozen=True, slots=True)
class Reply:
    """The rules' answer; `no_wage_on` is a day for which a county's wage is not on file."""

    answer: Answer
    no_wage_on: date | None = None


def reply(
    session: Session, question: Question, counties: Mapping[int, int | None], *, on: date
) -> Reply:
    """The answer, with pay where the county of each person is known; only reads.

    `counties` are ids by the person's number. Violations are said as if notice came on a day.
    """
    wages = Wages(session, {county for county in counties.values() if county is not None})
    try:
        people = tuple(
            _at_wages(person, counties.get(person.number), wages) for person in question.people
        )
    except Refused as refused:
        day = refused.facts.get("day_on")
        return Reply(rules.answer(question, on), day if isinstance(day, date) else None)
    return Reply(rules.answer(replace(question, people=people), on))


def _at_wages(person: Person, county_id: int | None, wages: Wages) -> Person:
    if county_id is None:
        return person
    return replace(person, rates={on: wages.on(county_id, on) for on in person.days})
