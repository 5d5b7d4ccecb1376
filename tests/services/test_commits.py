"""Acts that wait together are committed together, and each is kept or not by itself."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from time import sleep

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.models.engine import begin_for_writing, prepare
from app.services.commits import MOST_TOGETHER, SharedCommit, give_up, kept

Adding = Callable[[Session], str]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    begin_for_writing()
    engine = prepare(create_engine(f"sqlite:///{tmp_path / 'test.db'}"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE thing (name TEXT UNIQUE)"))
    yield engine
    engine.dispose()


@pytest.fixture
def commits(engine: Engine) -> list[object]:
    """One entry for each commit that reached the database."""
    seen: list[object] = []
    event.listen(engine, "commit", seen.append)
    return seen


def add(session: Session, name: str) -> None:
    session.execute(text("INSERT INTO thing VALUES (:name)"), {"name": name})


def adding(name: str) -> Adding:
    def act(session: Session) -> str:
        kept(session, lambda: add(session, name))
        return name

    return act


def each_answered(session: Session, acts: Sequence[Adding]) -> list[str | BaseException]:
    return [answer_of(session, act) for act in acts]


def answer_of(session: Session, act: Adding) -> str | BaseException:
    try:
        return act(session)
    except OperationalError:
        raise
    except Exception as problem:
        return problem


def names(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(text("SELECT name FROM thing")))


def do_all(engine: Engine, shared: SharedCommit[Adding, str], acts: list[Adding]) -> list[object]:
    """Do all acts at once, a thread each, behind one that holds the turn until all wait."""
    all_wait, begun = Barrier(len(acts) + 1), Event()

    def hold(_session: Session) -> None:
        begun.set()
        all_wait.wait()
        while len(shared._queue) < len(acts):
            sleep(0.001)

    def one(act: Adding) -> object:
        begin_for_writing()
        with Session(engine) as session:
            all_wait.wait()
            try:
                return shared.do(lambda: session, act)
            except Exception as problem:
                return problem

    def first() -> None:
        begin_for_writing()
        with Session(engine) as session:
            shared.do(lambda: session, hold)

    with ThreadPoolExecutor(len(acts) + 1) as pool:
        holding = pool.submit(first)
        begun.wait()
        answers = [future.result() for future in [pool.submit(one, act) for act in acts]]
        holding.result()
    return answers


def test_acts_that_wait_share_one_commit(engine: Engine, commits: list[object]) -> None:
    wanted = [f"tap {number}" for number in range(8)]
    assert do_all(engine, SharedCommit(each_answered), [adding(name) for name in wanted]) == wanted
    assert names(engine) == set(wanted)
    assert len(commits) == 1


def test_so_many_and_no_more_go_together(engine: Engine, commits: list[object]) -> None:
    wanted = [f"tap {number}" for number in range(MOST_TOGETHER + 1)]
    do_all(engine, SharedCommit(each_answered), [adding(name) for name in wanted])
    assert names(engine) == set(wanted)
    assert len(commits) == 2


def test_somebody_who_comes_alone_waits_for_nobody(engine: Engine, commits: list[object]) -> None:
    shared = SharedCommit(each_answered)
    for name in ("first", "second"):
        with Session(engine) as session:
            assert shared.do(lambda session=session: session, adding(name)) == name
    assert (names(engine), len(commits)) == ({"first", "second"}, 2)


def test_what_is_refused_leaves_the_others_alone(engine: Engine) -> None:
    def refused(session: Session) -> str:
        def act() -> None:
            add(session, "refused")
            raise Refused("NOT_SO")

        try:
            kept(session, act)
        except Refused as problem:
            give_up(session)
            return problem.code
        return "kept"

    answers = do_all(engine, SharedCommit(each_answered), [adding("one"), refused, adding("two")])
    assert answers == ["one", "NOT_SO", "two"]
    assert names(engine) == {"one", "two"}


def test_what_breaks_breaks_for_its_own_caller(engine: Engine) -> None:
    def broken(session: Session) -> str:
        kept(session, lambda: add(session, "broken"))
        raise ZeroDivisionError

    def half(session: Session) -> str:
        def act() -> None:
            add(session, "half")
            raise ZeroDivisionError

        kept(session, act)
        return "half"

    first, second, third = do_all(
        engine, SharedCommit(each_answered), [half, adding("whole"), broken]
    )
    assert isinstance(first, ZeroDivisionError)
    assert second == "whole"
    assert isinstance(third, ZeroDivisionError)
    assert names(engine) == {"whole", "broken"}  # what an act kept before it broke stays kept


def test_where_they_fail_together_each_is_tried_by_itself(engine: Engine) -> None:
    def all_or_nothing(session: Session, acts: Sequence[Adding]) -> list[str]:
        return [act(session) for act in acts]

    def broken(session: Session) -> str:
        add(session, "broken")
        raise ZeroDivisionError

    shared = SharedCommit(all_or_nothing)
    first, second, third = do_all(engine, shared, [adding("one"), broken, adding("two")])
    assert (first, third) == ("one", "two")
    assert isinstance(second, ZeroDivisionError)
    assert names(engine) == {"one", "two"}


def test_the_same_id_twice_at_the_same_moment_is_done_once_more(engine: Engine) -> None:
    def act(session: Session) -> str:
        tries: list[str] = []

        def write() -> str:
            tries.append("again" if tries else "same")
            add(session, tries[-1] if "again" in tries else "same")
            return tries[-1]

        return kept(session, write)

    assert sorted(map(str, do_all(engine, SharedCommit(each_answered), [act, act]))) == [
        "again",
        "same",
    ]
    assert names(engine) == {"same", "again"}


def test_where_the_commit_fails_nobody_is_told_that_it_was_kept(engine: Engine) -> None:
    def fail(_connection: object) -> None:
        raise OperationalError("COMMIT", None, Exception("disk full"))

    event.listen(engine, "commit", fail)
    answers = do_all(engine, SharedCommit(each_answered), [adding("one"), adding("two")])
    assert [type(answer) for answer in answers] == [OperationalError, OperationalError]
    assert names(engine) == set()


def test_where_the_transaction_is_lost_nobody_is_told_that_it_was_kept(engine: Engine) -> None:
    """SQLite rolls all of it back by itself when the disk is full."""

    def lose(session: Session) -> str:
        def act() -> None:
            session.connection().exec_driver_sql("ROLLBACK")
            raise OperationalError("INSERT", None, Exception("disk full"))

        kept(session, act)
        return "never"

    answers = do_all(engine, SharedCommit(each_answered), [adding("one"), lose, adding("two")])
    assert [type(answer) for answer in answers] == [OperationalError] * 3
    assert names(engine) == set()


def test_the_next_ones_go_on_after_a_failure(engine: Engine) -> None:
    shared = SharedCommit(each_answered)

    def no_session() -> Session:
        raise OperationalError("connect", None, Exception("away"))

    with pytest.raises(OperationalError):
        shared.do(no_session, adding("lost"))
    with Session(engine) as session:
        assert shared.do(lambda: session, adding("then")) == "then"
    assert names(engine) == {"then"}


def test_alone_an_act_commits_by_itself(engine: Engine, commits: list[object]) -> None:
    with Session(engine) as session:
        kept(session, lambda: add(session, "alone"))
        with pytest.raises(IntegrityError):
            kept(session, lambda: add(session, "alone"))
    assert (names(engine), len(commits)) == ({"alone"}, 1)
