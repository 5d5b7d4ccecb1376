"""When is an act at the door committed: by itself, or together with those that wait beside it?

SQLite has one writer, and a commit waits for the disk. Where many check in at once, one of them writes
for all who wait and commits once (ADR 0013). The acts are the same functions, in another's session.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

SHARED = "commits_with_others"
MOST_TOGETHER = 50  # one commit's worth; the rest goes with the next

Asked = TypeVar("Asked")
Done = TypeVar("Done")
Act = Callable[[Session, Sequence[Asked]], Sequence[Done | BaseException]]


def kept(session: Session, act: Callable[[], Done]) -> Done:
    """Do an act and commit it; where it is done among others, the commit is left to them.

    Either way all of it is kept or none: what it raises leaves nothing behind but the caller's own
    rollback to do, and where somebody else took the same id in the same moment it is done again.
    """
    if session.info.get(SHARED):
        try:
            with _apart(session):
                return act()
        except IntegrityError:
            with _apart(session):
                return act()
    try:
        done = act()
    except IntegrityError:
        session.rollback()
        done = act()
    session.commit()
    return done


def give_up(session: Session) -> None:
    """Undo what was begun and not kept; among others there is nothing of it left by now."""
    if not session.info.get(SHARED):
        session.rollback()


@dataclass(slots=True)
class _Waiting(Generic[Asked, Done]):
    """What somebody asks for, until it is done and committed or has failed."""

    asked: Asked
    gate: Any = field(default_factory=Lock)
    done: Done | None = None
    problem: BaseException | None = None
    is_over: bool = False

    def __post_init__(self) -> None:
        self.gate.acquire()


class SharedCommit(Generic[Asked, Done]):
    """Does together and commits together what waits together, in the thread of one who waits.

    `act` does all that is asked and answers each, by an exception where only that one failed; it writes
    through `kept`. Where it raises, each is tried by itself, so that nobody suffers for another.
    Whoever finds nobody writing goes ahead at once: somebody who comes alone waits for nobody.
    """

    def __init__(self, act: "Act[Asked, Done]") -> None:
        self._act = act
        self._lock = Lock()
        self._queue: deque[_Waiting[Asked, Done]] = deque()
        self._is_led = False

    def do(self, open_session: Callable[[], Session], asked: Asked) -> Done:
        """The answer to what is asked, once it is committed; raises what it or the commit raised.

        It is done in whichever thread writes just then.
        """
        mine: _Waiting[Asked, Done] = _Waiting(asked)
        with self._lock:
            self._queue.append(mine)
            leads, self._is_led = not self._is_led, True
        if not leads:
            mine.gate.acquire()
        if not mine.is_over:
            self._lead(open_session)
        if mine.problem is not None:
            raise mine.problem
        return mine.done  # type: ignore[return-value]  # it is over, and there was no problem

    def _lead(self, open_session: Callable[[], Session]) -> None:
        """Write for all who wait by now, and hand over to the first of those who came since."""
        with self._lock:
            together = [self._queue.popleft() for _ in range(min(len(self._queue), MOST_TOGETHER))]
        try:
            self._write(open_session(), together)
        except BaseException as problem:
            for each in together:
                each.problem = each.problem or problem
            raise
        finally:
            with self._lock:
                following = self._queue[0] if self._queue else None
                self._is_led = following is not None
            for each in together:
                each.is_over = True
                each.gate.release()
            if following is not None:
                following.gate.release()

    def _write(self, session: Session, together: Sequence[_Waiting[Asked, Done]]) -> None:
        session.info[SHARED] = True
        try:
            try:
                self._answer(session, together)
            except Exception:
                if len(together) == 1:
                    raise
                session.rollback()
                self._answer_each(session, together)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            del session.info[SHARED]

    def _answer(self, session: Session, together: Sequence[_Waiting[Asked, Done]]) -> None:
        answers = self._act(session, [each.asked for each in together])
        for each, answer in zip(together, answers, strict=True):
            if isinstance(answer, BaseException):
                each.problem = answer
            else:
                each.done = answer

    def _answer_each(self, session: Session, together: Sequence[_Waiting[Asked, Done]]) -> None:
        for each in together:
            try:
                with _apart(session):
                    self._answer(session, [each])
            except Exception as problem:
                if not _is_open(session):
                    raise
                each.problem = problem


@contextmanager
def _apart(session: Session) -> Iterator[None]:
    """A savepoint, said straight to the driver: the session's own would cost as much as the act."""
    cursor = session.connection().connection.cursor()
    cursor.execute("SAVEPOINT act")
    try:
        yield
    except BaseException:
        session.expire_all()
        if _is_open(session):
            cursor.execute("ROLLBACK TO SAVEPOINT act")
            cursor.execute("RELEASE SAVEPOINT act")
        raise
    cursor.execute("RELEASE SAVEPOINT act")
    cursor.close()


def _is_open(session: Session) -> bool:
    """Whether the transaction still stands: SQLite gives all of it up when the disk is full, say."""
    driver: Any = session.connection().connection.driver_connection
    return bool(driver.in_transaction)
