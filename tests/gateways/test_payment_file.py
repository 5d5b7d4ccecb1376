"""The batch file is whole or not there, adds up, and is the same bytes every time."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from app.gateways import payment_file
from app.gateways.payment_file import (
    Batch,
    PaymentLine,
    PaymentRecord,
    SheetVersion,
    SignedClaim,
    TotalsDiffer,
)

BATCH = Batch(date(2026, 3, 18), 1)


def payment(
    timesheet: int = 7, gross_cents: int = 58920, paid_for: SignedClaim | None = None
) -> PaymentRecord:
    return PaymentRecord(
        paid_for=paid_for or SheetVersion(timesheet, 2, "00FF"),
        provider_number="100000001",
        case_number="1000001",
        program="ihss",
        period_starts_on=date(2026, 3, 1),
        minutes=1800,
        gross_cents=gross_cents,
        lines=(PaymentLine("straight", None, 1964, 1800, 58920),),
    )


def test_every_line_is_as_the_operators_guide_describes_it(tmp_path: Path) -> None:
    payment_file.write(tmp_path, BATCH, [payment()])
    lines = (tmp_path / "payments-2026-03-18-1.jsonl").read_bytes().splitlines(keepends=True)
    assert lines[0] == (
        b'{"format":"carehours-payments/1","issue_on":"2026-03-18","number":1,"record":"batch"}\n'
    )
    assert lines[1] == (
        b'{"case_number":"1000001","gross_cents":58920,"lines":[{"cents":58920,"kind":"straight",'
        b'"minutes":1800,"rate_cents":1964,"week_of":null}],"minutes":1800,'
        b'"period_starts_on":"2026-03-01","program":"ihss","provider_number":"100000001",'
        b'"receipt":"00FF","record":"payment","timesheet":7,"version":2}\n'
    )
    assert json.loads(lines[2]) == {
        "record": "control",
        "payments": 1,
        "lines": 1,
        "minutes": 1800,
        "gross_cents": 58920,
        "sha256": hashlib.sha256(lines[0] + lines[1]).hexdigest(),
    }


def test_the_payment_of_a_claim_is_named_by_the_claim(tmp_path: Path) -> None:
    claimed = payment(paid_for=SignedClaim(41, "travel", "R-7F3K-9QXD"))
    payment_file.write(tmp_path, BATCH, [claimed])
    line = json.loads((tmp_path / "payments-2026-03-18-1.jsonl").read_text().splitlines()[1])
    assert (line["claim"], line["claim_kind"], line["receipt"]) == (41, "travel", "R-7F3K-9QXD")
    assert "timesheet" not in line


def test_writing_again_gives_the_same_bytes_and_hash(tmp_path: Path) -> None:
    first = payment_file.write(tmp_path, BATCH, [payment(7), payment(8)])
    content = (tmp_path / BATCH.file_name).read_bytes()
    second = payment_file.write(tmp_path, BATCH, [payment(7), payment(8)])
    assert (tmp_path / BATCH.file_name).read_bytes() == content
    assert first == second == hashlib.sha256(content).hexdigest()
    assert payment_file.hash_of(tmp_path / BATCH.file_name) == first


def test_what_fails_on_the_way_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    payment_file.write(tmp_path, BATCH, [payment()])
    content = (tmp_path / BATCH.file_name).read_bytes()

    def pull_the_plug() -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        payment_file.write(tmp_path, BATCH, [payment(8)], before_rename=pull_the_plug)
    assert (tmp_path / BATCH.file_name).read_bytes() == content

    payment_file.write(tmp_path, BATCH, [payment(8)])
    assert [path.name for path in tmp_path.iterdir()] == [BATCH.file_name]


def test_a_payment_that_does_not_add_up_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(TotalsDiffer):
        payment_file.write(tmp_path, BATCH, [payment(gross_cents=58921)])
    assert not (tmp_path / BATCH.file_name).exists()


def test_only_the_operator_can_read_it(tmp_path: Path) -> None:
    payment_file.write(tmp_path, BATCH, [payment()])
    assert (tmp_path / BATCH.file_name).stat().st_mode & 0o077 == 0


def test_there_is_no_hash_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert payment_file.hash_of(tmp_path / "nothing") is None
