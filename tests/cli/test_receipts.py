"""The command that says whether a receipt is genuine, by its words and by its exit status."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app.gateways.receipt_keys import ReceiptKeys
from app.web import receipt_files

CONTENT = {
    "kind": "visit-event", "number": "R-7F3K-9QXD", "what": "check-in", "recipient": "Rosa",
    "provider": "A. F.", "program": "ihss", "counts_at": "2026-03-02T16:02:00.250Z",
    "not_before": None, "signed_by_phone": True, "place": "at_home",
}  # fmt: skip


@pytest.fixture
def receipt(app: Flask) -> dict[str, Any]:
    with app.app_context():
        return receipt_files.keys().sign(CONTENT)


def verify(app: Flask, file: Path, *more: str) -> Result:
    return app.test_cli_runner().invoke(args=["receipts", "verify", str(file), *more])


def written(folder: Path, content: object) -> Path:
    file = folder / "receipt.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def test_a_genuine_receipt_is_told_in_words(
    app: Flask, receipt: dict[str, Any], tmp_path: Path
) -> None:
    told = verify(app, written(tmp_path, receipt))
    assert told.exit_code == 0
    assert told.output.splitlines()[0] == "This receipt is genuine. Nothing in it was changed."
    assert "For: Rosa" in told.output
    assert "The time that counts: March 2, 2026, 8:02 AM" in told.output
    assert "It was surely after" not in told.output


def test_a_changed_receipt_is_not_genuine_and_tells_nothing(
    app: Flask, receipt: dict[str, Any], tmp_path: Path
) -> None:
    receipt["receipt"]["recipient"] = "Walter"
    told = verify(app, written(tmp_path, receipt))
    assert told.exit_code == 1
    assert "changed" in told.stderr
    assert "Walter" not in told.output


@pytest.mark.parametrize("content", ["", "{}", "not JSON", "[]"])
def test_what_is_no_receipt_cannot_be_read(app: Flask, tmp_path: Path, content: str) -> None:
    assert verify(app, written(tmp_path, content)).exit_code == 2


def test_a_file_that_is_not_there_cannot_be_read_either(app: Flask, tmp_path: Path) -> None:
    assert verify(app, tmp_path / "gone.json").exit_code == 2


def test_keys_that_were_saved_check_what_this_portal_no_longer_can(
    app: Flask, tmp_path: Path
) -> None:
    former = ReceiptKeys({1: bytes(range(32))})
    file = written(tmp_path, former.sign(CONTENT))
    assert verify(app, file).exit_code == 1
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": former.published}), encoding="utf-8")
    assert verify(app, file, "--keys", str(keys)).exit_code == 0
