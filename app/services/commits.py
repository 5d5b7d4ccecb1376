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

Done = TypeVar("Done")


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
class _Waiting(Generic[Done]):
    """Somebody's act, until it is done and committed or has failed."""

    act: Callable[[Session], Done]
    gate: Any = field(default_factory=Lock)
    done: Done | None = None
    problem: BaseException | None = None
    is_over: bool = False

    def __post_init__(self) -> None:
        self.gate.acquire()


class SharedCommit:
    """Commits together what waits together, in the thread of one who waits.

    Whoever finds nobody writing goes ahead at once, so that somebody who comes alone waits for nobody.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._queue: deque[_Waiting[Any]] = deque()
        self._is_led = False

    def do(self, open_session: Callable[[], Session], act: Callable[[Session], Done]) -> Done:
        """What the act answers, once it is committed; raises what the act or the commit raised.

        The act writes through `kept`, and is done in whichever thread writes just then.
        """
        mine = _Waiting(act)
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
            _write(open_session(), together)
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


def _write(session: Session, together: Sequence[_Waiting[Any]]) -> None:
    session.info[SHARED] = True
    try:
        for each in together:
            try:
                each.done = each.act(session)
            except Exception as problem:
                if not _is_open(session):
                    raise
                each.problem = problem
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.info[SHARED]


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
