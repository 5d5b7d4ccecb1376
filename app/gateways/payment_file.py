"""What is handed to whoever moves the money? A batch as a text file, the same bytes each time.

JSON lines in ASCII, keys sorted, each line ended by LF: a `batch` line, one `payment` line a payment
in the order of timesheet and version, then those of claims, and a `control` line with the counts, the totals and the
SHA-256 of everything above it. Money is whole cents, hours are whole minutes, days are ISO. Nothing
in it depends on when or how often it was written. docs/operating.md describes it field by field.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

FORMAT = "carehours-payments/1"
DRAFT_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC  # over what a killed run left behind


@dataclass(frozen=True, slots=True)
class Batch:
    """The batch that a file holds: its issue date, and which of that day's batches it is."""

    issue_on: date
    number: int

    @property
    def file_name(self) -> str:
        """`payments-2026-11-24-1.jsonl`."""
        return f"payments-{self.issue_on.isoformat()}-{self.number}.jsonl"


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A line of earnings as the file names it."""

    kind: str
    week_of: date | None
    rate_cents: int
    minutes: int
    cents: int


@dataclass(frozen=True, slots=True)
class SheetVersion:
    """The signed version of a timesheet; both numbers together name its payment for ever."""

    timesheet: int
    version: int
    receipt: str


@dataclass(frozen=True, slots=True)
class SignedClaim:
    """The claim for travel or sick leave that names its payment for ever."""

    claim: int
    claim_kind: str
    receipt: str


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """One payment of the batch, and for what it is."""

    paid_for: SheetVersion | SignedClaim
    provider_number: str
    case_number: str
    program: str
    period_starts_on: date
    minutes: int
    gross_cents: int
    lines: tuple[PaymentLine, ...]


class TotalsDiffer(Exception):  # noqa: N818 - it names what was found
    """The lines of a payment do not add up to it: nothing was written."""


def write(
    folder: Path,
    batch: Batch,
    payments: Iterable[PaymentRecord],
    *,
    before_rename: Callable[[], None] = lambda: None,
) -> str:
    """Write the batch's file whole or not at all, and answer its SHA-256 in hex.

    It stands under its name only once every byte of it is on the disk. `before_rename` is called in
    the moment between, for tests that pull the plug there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{batch.file_name}.draft"
    digest = hashlib.sha256()
    with _only_writer(folder):
        with os.fdopen(os.open(draft, DRAFT_FLAGS, 0o600), "wb") as file:
            for line in lines_of(batch, payments):
                digest.update(line)
                file.write(line)
            file.flush()
            os.fsync(file.fileno())
        before_rename()
        draft.rename(folder / batch.file_name)
    return digest.hexdigest()


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Whoever else would write here waits; the system ends the lock of a process that was killed.

    Afterwards the folder itself goes to the disk: until then a renamed file may vanish at power loss.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)
    finally:
        os.close(handle)


def hash_of(path: Path) -> str | None:
    """The SHA-256 in hex of a file as it lies there; None when there is none."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lines_of(batch: Batch, payments: Iterable[PaymentRecord]) -> Iterator[bytes]:
    """The lines of a batch's file, one after the other; TotalsDiffer when a payment does not add up."""
    count = minutes = cents = lines = 0
    head = {"record": "batch", "format": FORMAT, "issue_on": batch.issue_on, "number": batch.number}
    yield (line := _line(head))
    digest = hashlib.sha256(line)
    for payment in payments:
        _must_add_up(payment)
        line = _line(_payment(payment))
        digest.update(line)
        yield line
        count, lines = count + 1, lines + len(payment.lines)
        minutes, cents = minutes + payment.minutes, cents + payment.gross_cents
    yield _line(
        {
            "record": "control",
            "payments": count,
            "lines": lines,
            "minutes": minutes,
            "gross_cents": cents,
            "sha256": digest.hexdigest(),
        }
    )


def _payment(payment: PaymentRecord) -> dict[str, object]:
    return {
        "record": "payment",
        **asdict(payment.paid_for),
        "provider_number": payment.provider_number,
        "case_number": payment.case_number,
        "program": payment.program,
        "period_starts_on": payment.period_starts_on,
        "minutes": payment.minutes,
        "gross_cents": payment.gross_cents,
        "lines": [
            {
                "kind": line.kind,
                "week_of": line.week_of,
                "rate_cents": line.rate_cents,
                "minutes": line.minutes,
                "cents": line.cents,
            }
            for line in payment.lines
        ],
    }


def _must_add_up(payment: PaymentRecord) -> None:
    if sum(line.cents for line in payment.lines) != payment.gross_cents:
        raise TotalsDiffer(str(payment.paid_for))


def _line(content: dict[str, object]) -> bytes:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=date.isoformat)
    return text.encode("ascii") + b"\n"
