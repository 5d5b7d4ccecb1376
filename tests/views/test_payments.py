"""Ana sees her pay, what it is made of, takes it home as a file, and says when it is wrong."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.audit import AuditEvent
from app.models.messages import Notice
from app.models.payments import Payment
from app.models.timesheets import Timesheet
from app.services import payroll
from factories import World
from forms_in_pages import post_form
from signed_sheets import approved

SignIn = Callable[[Account], FlaskClient]
NOW = datetime(2026, 3, 18, 17, tzinfo=UTC)
MONDAY = date(2026, 3, 2)


@pytest.fixture
def paid(session: Session, world: World, tmp_path: Path) -> Payment:
    """Ana's 50 hours of one week for Rosa, issued on March 18."""
    hours = {MONDAY + timedelta(days=number): 10 for number in range(5)}
    approved(session, world.ana_for_rosa, hours, by=world.ana, signer=world.rosa)
    payroll.run(session, date(2026, 3, 18), at=NOW, folder=tmp_path)
    return session.scalars(select(Payment)).one()


def history(client: FlaskClient) -> list[dict[str, str]]:
    answer = client.get("/payments/history.csv")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_without_payments_the_page_says_when_there_will_be_one(
    world: World, signed_in: SignIn
) -> None:
    page = signed_in(world.ana).get("/payments").text
    assert "There are no payments yet." in page
    assert "history.csv" not in page


def test_the_list_names_recipient_half_month_amount_status_and_day(
    world: World, paid: Payment, signed_in: SignIn
) -> None:
    page = signed_in(world.ana).get("/payments").text
    for words in ("Rosa Delgado", "March 1 – 15, 2026", "$1,080.20", "Payment issued"):
        assert words in page
    assert "Issued on Wednesday, March 18." in page


def test_a_payment_shows_its_lines_and_explains_the_premium(
    world: World, paid: Payment, signed_in: SignIn
) -> None:
    page = signed_in(world.ana).get(f"/payments/{paid.id}").text
    assert "Hours worked" in page
    assert "50:00" in page
    assert "$982.00" in page
    assert "Overtime, week of Sunday, March 1" in page
    assert "$98.20" in page
    assert "Each hour over 40 adds half of your average pay that week." in page
    assert "Friday, March 20" in page


@pytest.mark.parametrize("url", ["/payments/{}", "/payments/{}/dispute"])
def test_a_strangers_or_unknown_payment_is_not_found(
    world: World, paid: Payment, signed_in: SignIn, url: str
) -> None:
    assert signed_in(world.maria).get(url.format(paid.id)).status_code == 404
    assert signed_in(world.ana).get(url.format(paid.id + 1)).status_code == 404


def test_nobody_but_a_provider_has_payments(world: World, paid: Payment, signed_in: SignIn) -> None:
    for account in (world.rosa, world.casey, world.dev):
        assert signed_in(account).get(f"/payments/{paid.id}").status_code == 403


def test_the_history_has_a_row_for_each_line_that_adds_up_to_the_payment(
    world: World, paid: Payment, signed_in: SignIn
) -> None:
    rows = history(signed_in(world.ana))
    assert [row["pay_for"] for row in rows] == [
        "Hours worked",
        "Overtime, week of Sunday, March 1",
    ]
    assert [(row["hours"], row["rate"], row["amount"]) for row in rows] == [
        ("50:00", "19.64", "982.00"),
        ("10:00", "9.82", "98.20"),
    ]
    assert rows[0] | {"pay_for": "", "hours": "", "rate": "", "amount": ""} == {
        "payment": str(paid.id),
        "period_starts_on": "2026-03-01",
        "period_ends_on": "2026-03-15",
        "recipient": "Rosa Delgado",
        "program": "ihss",
        "issued_on": "2026-03-18",
        "status": "Payment issued",
        "pay_for": "",
        "hours": "",
        "rate": "",
        "amount": "",
        "payment_amount": "1080.20",
    }


def test_the_history_is_utf8_with_a_mark_and_rows_end_as_the_standard_says(
    session: Session, world: World, paid: Payment, signed_in: SignIn
) -> None:
    world.rosa.person.first_name = 'Ros\N{LATIN SMALL LETTER A WITH ACUTE}, "la"'
    session.commit()
    answer = signed_in(world.ana).get("/payments/history.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbfpayment,")
    assert answer.data.count(b"\r\n") == answer.data.count(b"\n") == 3
    assert history(signed_in(world.ana))[0]["recipient"] == 'Ros\xe1, "la" Delgado'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_name_that_begins_like_a_formula_is_never_calculated(
    session: Session, world: World, paid: Payment, signed_in: SignIn, start: str
) -> None:
    world.rosa.person.first_name = f"{start}HYPERLINK(1)"
    session.commit()
    assert history(signed_in(world.ana))[0]["recipient"].startswith(f"'{start}")


def test_a_payment_that_is_wrong_is_disputed_and_the_county_told(
    session: Session, world: World, paid: Payment, signed_in: SignIn
) -> None:
    client = signed_in(world.ana)
    answer = post_form(
        client,
        f"/payments/{paid.id}/dispute",
        {"reason": "HOURS", "note": "Friday is missing."},
        "Tell the county",
    )
    assert answer.status_code == 303
    page = client.get(f"/payments/{paid.id}").text
    assert "Disputed" in page
    assert "Friday is missing." in page
    assert "Something is wrong" not in page
    sheet = session.scalars(select(Timesheet)).one()
    assert sheet.payment_status == "disputed"
    assert session.scalars(
        select(Notice.code).where(Notice.account_id == world.casey.id)
    ).all() == ["PAYMENT_DISPUTED"]
    assert session.scalars(
        select(AuditEvent.action).where(AuditEvent.chain == f"account:{world.ana.id}")
    ).all()[-1:] == ["payment:dispute"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"note": "Please look."}, "Choose what is wrong."),
        ({"reason": "OTHER", "note": "  "}, "Say in a few words what is wrong."),
        ({"reason": "RATE", "note": "x" * 1001}, "Please use 1000 at most."),
        ({"reason": "NONSENSE", "note": "Please look."}, "Choose what is wrong."),
    ],
)
def test_a_dispute_without_a_reason_is_asked_for_one_and_keeps_what_was_typed(
    session: Session,
    world: World,
    paid: Payment,
    signed_in: SignIn,
    typed: dict[str, str],
    words: str,
) -> None:
    answer = post_form(
        signed_in(world.ana), f"/payments/{paid.id}/dispute", typed, "Tell the county"
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert typed["note"] in answer.text
    assert session.scalars(select(Payment.disputed_at)).one() is None


def test_a_payment_is_disputed_once(world: World, paid: Payment, signed_in: SignIn) -> None:
    client = signed_in(world.ana)
    url = f"/payments/{paid.id}/dispute"
    page = client.get(url)
    assert post_form(client, url, {"reason": "RATE"}, "Tell the county").status_code == 303
    assert client.get(url).status_code == 303
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    again = client.post(url, data={"reason": "RATE", "csrf_token": token})
    assert again.status_code == 422
    assert "This payment cannot be disputed now." in again.text
