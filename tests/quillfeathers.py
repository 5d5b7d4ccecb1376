"""A household that nobody else here has to do with, every value of which is known again where it turns up.

Zoraida cares for Thaddeus, in a county of their own. They have one of each thing that has an address.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import PayPeriod
from app.domain.positions import Fix
from app.models.accounts import Account, Passkey
from app.models.aggregator import AggregatorRecord
from app.models.cases import Assignment, AuthorizedHours, Case
from app.models.claims import Claim, ClaimDay
from app.models.devices import Device, TrustedDevice
from app.models.devices import Session as SignedInSession
from app.models.factors import ContactChange
from app.models.notes import Note, NoteConsent
from app.models.pair_flags import PairFlag
from app.models.payments import Payment, PayrollRun
from app.models.people import County, Person, Provider, Recipient, WageRate
from app.models.registrations import HelpRequest
from app.models.timesheets import Timesheet, TimesheetVersion
from app.models.visits import RefusedItem, Visit, VisitEvent, VisitFlag
from app.services import timesheets
from app.services.day_log import DayValues
from factories import LONG_AGO
from sheets import sign
from signed_sheets import approve

CANARIES = (
    "Quillfeather", "quillfeather", "Zoraida", "Thaddeus", "199999917", "1999917", "77 Canary Lane",
    "canary note", "Canary phone", "Canary key", "Canary Browser", "(530) 555-0177", "5305550177",
    "1931-02-03",
)  # fmt: skip
NOON = datetime(2026, 3, 2, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Household:
    """Who they are, and the ids of what is theirs by the name that the URL map has for it."""

    provider: Account
    recipient: Account
    worker: Account  # of their county
    assignment: Assignment
    ids: dict[str, Sequence[int | str]] = field(default_factory=dict)


def move_in(session: Session) -> Household:
    """Add the household with all that is its own; commits."""
    county = County(name="Modoc", phone="(888) 555-0199")
    county.wage_rates.append(WageRate(starts_on=date(2025, 1, 1), cents=1900, authority="test"))
    session.add(county)
    session.flush()
    provider = _account(session, "Zoraida", "provider")
    recipient = _account(session, "Thaddeus", "recipient")
    worker = _account(session, "Worker", "county_worker", county)
    assignment = _assignment(session, provider, recipient, county)
    household = Household(provider, recipient, worker, assignment)
    sheets = _timesheets(session, household)
    household.ids = {
        "timesheet_id": sheets,
        "visit_id": _visits(session, household),
        "passkey_id": [_passkey(session, provider)],
        "account_id": [provider.id, recipient.id],
        "person_id": [provider.person_id],
        "change_id": [_email_change(session, provider, asked_by=worker)],
        "request_id": [_help_request(session, county)],
        "session_id": [_session(session, provider)],
        "number": _receipts(session, household),
    }
    household.ids |= _oddities(session, household)
    household.ids["pair_flag_id"] = [_pair_flag(session, household)]
    household.ids["record_id"] = [_evv_record(session, household)]
    household.ids["payment_id"] = _payments(session, household, sheets[3:])
    household.ids |= _devices(session, provider)
    household.ids["claim_id"] = _claims(session, household)
    household.ids |= _notes(session, household)
    session.commit()
    return household


def _session(session: Session, account: Account) -> int:
    open_session = SignedInSession(
        token_hash=f"of a session of {account.username}",
        account_id=account.id,
        method="passkey",
        created_at=LONG_AGO,
        seen_at=LONG_AGO,
    )
    session.add(open_session)
    session.flush()
    return open_session.id


def _help_request(session: Session, county: County) -> int:
    request = HelpRequest(
        county_id=county.id, role="provider", name="Zoraida Quillfeather", number="199999917",
        reach="(530) 555-0177", made_at=NOON,
    )  # fmt: skip
    session.add(request)
    session.flush()
    return request.id


def _pair_flag(session: Session, household: Household) -> int:
    pair = household.assignment
    flag = PairFlag(
        provider_id=pair.provider_id, case_id=pair.case_id, why="OTHER", note="canary note",
        starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31), placed_by_id=household.worker.id,
        placed_at=NOON,
    )  # fmt: skip
    session.add(flag)
    session.flush()
    return flag.id


def _email_change(session: Session, account: Account, *, asked_by: Account) -> int:
    """A new address that waits at the service desk for a second agent."""
    now = datetime.now(UTC)
    change = ContactChange(
        account_id=account.id, kind="email", value="new@quillfeather.example", asked_at=now,
        asked_by=asked_by.id, reason="canary note", expires_at=now + timedelta(days=1),
    )  # fmt: skip
    session.add(change)
    session.flush()
    return change.id


def _account(session: Session, name: str, role: str, county: County | None = None) -> Account:
    person = Person(
        first_name=name, last_name="Quillfeather", date_of_birth=date(1931, 2, 3), language="en"
    )
    account = Account(
        person=person,
        role=role,
        username=f"{name.lower()}.quillfeather",
        email=f"{name.lower()}@quillfeather.example",
        email_confirmed_at=LONG_AGO,
        phone="(530) 555-0177",
        phone_confirmed_at=LONG_AGO,
        mailing_address="77 Canary Lane",
        created_at=LONG_AGO,
        county=county,
    )
    session.add(account)
    session.flush()
    return account


def _assignment(
    session: Session, provider: Account, recipient: Account, county: County
) -> Assignment:
    home = Recipient(
        person=recipient.person, county=county, address="77 Canary Lane",
        home=(41.4871, -120.5428),
    )  # fmt: skip
    case = Case(number="1999917", recipient=home)
    case.grants.append(AuthorizedHours(starts_on=date(2025, 1, 1), monthly_minutes=195 * 60))
    assignment = Assignment(
        provider=Provider(number="199999917", person=provider.person), case=case, program="ihss",
        starts_on=date(2025, 1, 1), assigned_minutes=195 * 60, live_in=False,
    )  # fmt: skip
    session.add_all([case, assignment])
    session.flush()
    return assignment


def _timesheets(session: Session, of: Household) -> list[int]:
    """One in each state that has pages of its own: draft, waiting, on hold, paid, disputed."""
    draft = _filled_in(session, of, date(2026, 3, 2), at=NOON)
    waiting = _filled_in(session, of, date(2026, 2, 17), at=NOON)
    late = _filled_in(session, of, date(2026, 1, 5), at=NOON)
    done = _filled_in(session, of, date(2026, 2, 2), at=NOON)
    doubted = _filled_in(session, of, date(2026, 1, 20), at=NOON)
    for sheet in (waiting, late, done, doubted):
        sign(session, sheet, by=of.provider, at=NOON, reason="canary note")
    for sheet in (late, done, doubted):
        approve(session, sheet, by=of.recipient)
    done.payment_status, doubted.payment_status = "payment_issued", "disputed"
    return [draft.id, waiting.id, late.id, done.id, doubted.id]


def _filled_in(session: Session, of: Household, on: date, *, at: datetime) -> Timesheet:
    sheet = timesheets.find_or_open(session, of.assignment, PayPeriod.of(on), at=at)
    session.commit()
    timesheets.change_days(session, sheet, [(on, DayValues(minutes=240), 0)], by=of.provider, at=at)
    return sheet


def _visits(session: Session, of: Household) -> list[int]:
    over = Visit(
        assignment=of.assignment, began_at=NOON, checked_in_at=NOON, checked_out_at=NOON + HOUR,
        location_in="home", location_out="home", is_open=False,
    )  # fmt: skip
    under_way = Visit(
        assignment=of.assignment, began_at=NOON + 2 * HOUR, checked_in_at=NOON + 2 * HOUR,
        location_in="home", is_open=True,
    )  # fmt: skip
    session.add_all([over, under_way])
    session.flush()
    return [over.id, under_way.id]


def _receipts(session: Session, of: Household) -> list[str]:
    """Of a check-in, and of the timesheets that were signed."""
    check_in = VisitEvent(
        submission_id="of a quillfeather", content_hash="canary", kind="check-in",
        assignment_id=of.assignment.id, account_id=of.provider.id, source="phone", made_at=NOON,
        received_at=NOON, counts_at=NOON, location="home", receipt="R-QLLF-THRS",
        position=Fix(41.4871, -120.5428, 12.0), verdict="at_home", distance_m=0,
    )  # fmt: skip
    session.add(check_in)
    session.flush()
    return [check_in.receipt, *session.scalars(select(TimesheetVersion.receipt))]


def _oddities(session: Session, of: Household) -> dict[str, list[int]]:
    """Something that was noticed about the check-in, and something that could not be taken."""
    check_in = session.scalars(select(VisitEvent)).one()
    check_in.visit_id = session.scalars(select(Visit.id).order_by(Visit.id)).first()
    flag = VisitFlag(
        event_id=check_in.id, assignment_id=of.assignment.id, code="LATE_ARRIVAL",
        facts={"late_minutes": 4000, "made_at": NOON.isoformat()}, found_at=NOON, said="canary note",
    )  # fmt: skip
    item = RefusedItem(
        account_id=of.provider.id, submission_id="of a quillfeather too", content_hash="canary",
        kind="check-in", assignment_id=of.assignment.id, made_at=NOON, received_at=NOON,
        code="ASSIGNMENT_UNKNOWN", facts={}, signed=True,
    )  # fmt: skip
    session.add_all([flag, item])
    session.flush()
    return {"flag_id": [flag.id], "item_id": [item.id]}


def _evv_record(session: Session, of: Household) -> int:
    """A visit that the State's collector did not take."""
    record = AggregatorRecord(
        kind="visit", assignment_id=of.assignment.id, day_by_hand=date(2026, 1, 5),
        county_id=of.assignment.recipient.county_id, worked_on=date(2026, 1, 5), state="rejected",
        sequence=1, rejections=1, fingerprint="canary", looked_at=NOON,
    )  # fmt: skip
    session.add(record)
    session.flush()
    return record.id


def _payments(session: Session, of: Household, sheets: list[int]) -> list[int]:
    """One that was issued, and one that is disputed."""
    run = PayrollRun(issue_on=date(2026, 2, 2), number=77, started_at=NOON, closed_at=NOON)
    session.add(run)
    session.flush()
    found = []
    for sheet_id, note in zip(sheets, (None, "canary note"), strict=True):
        version = session.get_one(Timesheet, sheet_id).versions[-1]
        payment = Payment(
            version_id=version.id, timesheet_id=sheet_id, run_id=run.id,
            provider_id=of.assignment.provider_id, gross_cents=7600, minutes=240,
            created_at=NOON, issued_at=NOON, disputed_at=NOON if note else None,
            dispute_reason="HOURS" if note else None, dispute_note=note,
        )  # fmt: skip
        session.add(payment)
        session.flush()
        found.append(payment.id)
    return found


def _notes(session: Session, of: Household) -> dict[str, list[int]]:
    """The recipient allows notes, and there is one; written now, or it would be gone by itself."""
    now = datetime.now(UTC)
    case_id = of.assignment.case_id
    consent = NoteConsent(case_id=case_id, given_by_id=of.recipient.id, given_at=now)
    session.add(consent)
    session.flush()
    note = Note(
        consent_id=consent.id, account_id=of.provider.id, text="canary note", written_at=now
    )
    session.add(note)
    session.flush()
    return {"case_id": [case_id], "note_id": [note.id]}


def _claims(session: Session, of: Household) -> list[int]:
    """One that is signed, and one that is not."""
    found = []
    for kind, status in (("travel", "waiting"), ("sick_leave", "saved")):
        claim = Claim(
            assignment_id=of.assignment.id, period_starts_on=date(2026, 3, 1), kind=kind,
            status=status, created_at=NOON, changed_at=NOON, signed_at=NOON, reason="canary note",
            days=[ClaimDay(on=date(2026, 3, 2), minutes=60)],
        )  # fmt: skip
        session.add(claim)
        session.flush()
        found.append(claim.id)
    return found


def _passkey(session: Session, of: Account) -> int:
    passkey = Passkey(
        account_id=of.id, credential_id=b"canary", public_key=b"canary", sign_count=1,
        backup_eligible=False, backed_up=False, user_handle=b"canary", name="Canary key",
        created_at=NOON,
    )  # fmt: skip
    session.add(passkey)
    session.flush()
    return passkey.id


def _devices(session: Session, of: Account) -> dict[str, list[int]]:
    device = Device(token_hash="canary", name="Canary phone", created_at=NOON)
    session.add(device)
    session.flush()
    trusted = TrustedDevice(device_id=device.id, account_id=of.id, proved_at=NOON)
    session.add(trusted)
    session.flush()
    return {"trusted_device_id": [trusted.id]}
