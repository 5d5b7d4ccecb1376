"""How are the answers to security questions kept, and does somebody know one again?

They are a gate before an issued code (services.recovery), never a proof. Whoever has no account, or
an account without answers, is asked a question all the same, and no answer to it is right.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from app.domain import questions as rules
from app.gateways import passwords
from app.gateways.secrets import Secrets
from app.models.accounts import Account, Stranger
from app.models.factors import SecurityAnswer
from app.services import audit


def set_answers(
    database: Database, account: Account, answers: Mapping[str, str], *, by: Account, at: datetime
) -> None:
    """Keep these answers, by question code, in place of all before; commits.

    Refused as `domain.questions.check_answers` says. Raises TooBusy.
    """
    put(database, account, hashed(answers, at=at))
    audit.record(database, "answers:set", f"account:{account.id}", by=by, at=at)
    database.commit()


def hashed(answers: Mapping[str, str], *, at: datetime) -> dict[str, str]:
    """What is kept of answers: for a registration, which has no account yet. Raises as set_answers."""
    rules.check_answers(answers, at)
    return {code: passwords.hash_password(rules.normal(text)) for code, text in answers.items()}


def put(database: Database, account: Account, hashes: Mapping[str, str]) -> None:
    """Keep hashed answers in place of all before; never commits."""
    database.execute(delete(SecurityAnswer).where(SecurityAnswer.account_id == account.id))
    database.add_all(
        SecurityAnswer(account_id=account.id, question=code, answer_hash=kept)
        for code, kept in hashes.items()
    )
    database.flush()


def questions_of(database: Database, owner: Account | Stranger) -> list[str]:
    """The codes of the questions that the account has answers to, in the order of the list."""
    kept = set(
        database.scalars(
            select(SecurityAnswer.question).where(SecurityAnswer.account_id == _account_id(owner))
        )
    )
    return [code for code in rules.QUESTIONS if code in kept]


def ask(database: Database, owner: Account | Stranger, *, secrets: Secrets) -> str:
    """The question for this account or for a name that nobody has: the same one each time.

    Asking another one at each try would let a guesser wait for the question that is easiest.
    """
    known = questions_of(database, owner) or rules.QUESTIONS
    name = f"account:{owner.id}" if isinstance(owner, Account) else f"stranger:{owner.name_hash}"
    lot = int.from_bytes(secrets.fingerprint_bytes("security question", name)[:8])
    return known[lot % len(known)]


def check(database: Database, owner: Account | Stranger, question: str, typed: str) -> bool:
    """Whether the answer is the one on file; as slow for a name that nobody has. Raises TooBusy.

    The caller counts the tries: they belong to one way back.
    """
    kept = database.scalar(
        select(SecurityAnswer.answer_hash).where(
            SecurityAnswer.account_id == _account_id(owner), SecurityAnswer.question == question
        )
    )
    return passwords.verify(kept, rules.normal(typed))


def _account_id(owner: Account | Stranger) -> int:
    """A name that nobody has is looked up as well, under a number that no account has."""
    return owner.id if isinstance(owner, Account) else 0
