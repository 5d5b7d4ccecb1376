"""Everything private that can be written into the portal, and every path by which it gets there.

PATHS is the one list: whoever adds a way for something private to come in adds a step here, and
house_rules/test_canaries.py then looks for what it wrote in all the places where it must not be.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from time_machine import Traveller

from app import clock
from app.domain.positions import Fix
from app.domain.visits import Location
from app.extensions import db
from app.gateways import authenticator_apps, messaging, sealed_positions
from app.gateways.aggregator_simulator import ACCOUNT, PROVIDER_ID, Simulator, served
from app.models.accounts import Account, KeptForm
from app.models.aggregator import AggregatorMessage, AggregatorRecord
from app.models.cases import Assignment, Case
from app.models.engine import begin_for_writing
from app.models.notes import NoteConsent
from app.models.people import Provider
from app.models.visits import VisitEvent
from app.services import sessions, visits
from app.services.receipts import Submission, content_hash
from factories import PASSWORD
from forms_in_pages import post_form, send_form

USERNAME = "wilhelmina"
LONG_PASSWORD = "seven quiet lemons on a stair"
NEW_PASSWORD = "violet lantern over the harbour"
PROVIDER_NUMBER = "200000077"
CASES = """\
record,provider_number,case_number,first_name,last_name,date_of_birth,county,address,latitude,longitude,ssn_last4,cin_last4,starts_on,program,hours,live_in
provider,200000077,,Wilhelmina,Thistlewood,1931-08-29,,,,,7493,,,,,
case,,2000077,Ottoline,Thistlewood,1929-02-17,Los Angeles,"77 Quagga Court, Glendale",34.171717,-118.232323,6184,586Q,,,,
signatory,,2000077,Barnaby,Thistlewood,1962-03-08,,,,,3957,,2025-01-01,,,
assignment,200000077,2000077,,,,,,,,,,2025-01-01,ihss,100:00,no
"""  # fmt: skip
ANSWERS = {"FIRST_PET": "Wobbegong", "FIRST_JOB": "Axolotl", "FIRST_STREET": "Pangolin"}

# What is known beforehand, as it may be written down; found in any letter case.
PERSONAL = {
    "date of birth": ("1931-08-29", "08/29/1931", "19310829", "Aug 29, 1931", "August 29, 1931"),
    "recipient's date of birth": ("1929-02-17", "02/17/1929"),
    "signatory's date of birth": ("1962-03-08", "03/08/1962"),
    "home": ("77 Quagga", "34.171717", "118.232323"),
    "where she was": (
        "34.171771",
        "118.232377",
        "34.17177",
        "118.23237",
        "341717710",
        "1182323770",
    ),
    "e-mail": ("canary.one@", "canary.two@", "canary.three@", "canary.four@", "canary.five@"),
    "phone": ("2135550177", "213-555-0177", "(213) 555-0177", "2135550188", "(213) 555-0188"),
    "mailing address": ("88 Okapi",),
    "answers": tuple(ANSWERS.values()),
    "passwords": (LONG_PASSWORD, NEW_PASSWORD),
    "note": ("tamarind syrup",),
}
# Too short to be looked for among raw bytes: they are looked for as whole words.
SHORT = {"SSN": ("7493", "6184", "3957"), "CIN": ("586Q",)}

BY_MAIL = "Send a code by e-mail"

ONE_TIME_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
TICKET = re.compile(r"(?<![\w-])[\w-]{32,}(?![\w-])")


@dataclass
class Walk:
    """A person's browser on her way through the portal, and what she was told on it."""

    app: Flask
    client: FlaskClient
    time: Traveller
    folder: Path
    secrets: list[str] = field(default_factory=list)  # recovery codes and the app's secret

    @property
    def mailbox(self) -> Path:
        folder: Path = self.app.extensions["settings"].mailbox
        return folder

    @property
    def kit(self) -> list[str]:
        return [each for each in self.secrets if each.count("-") > 1]

    def sent(self) -> list[str]:
        """All codes and tickets in letters and texts so far."""
        found: set[str] = set()
        for letter in messaging.letters(self.mailbox):
            found |= set(ONE_TIME_CODE.findall(f"{letter.subject}\n{letter.text}"))
            found |= set(TICKET.findall(letter.text))
        return sorted(found)

    def later(self, minutes: int = 0, seconds: int = 0) -> None:
        self.time.shift(timedelta(minutes=minutes, seconds=seconds))

    def send(self, page: str, typed: dict[str, str], button: str | None = None) -> str:
        """Fill in a form; answers where it leads, having been taken."""
        self.later(seconds=1)  # letters are told apart by when they came
        answer = post_form(self.client, page, typed, button)
        assert answer.status_code == 303, f"{page}: {answer.status_code}\n{answer.text}"
        return str(answer.location)

    def newest_code(self) -> str:
        """The digits of the newest letter or text that has any."""
        for letter in messaging.letters(self.mailbox):
            if code := ONE_TIME_CODE.search(f"{letter.subject}\n{letter.text}"):
                return code[0]
        raise AssertionError("no code was sent")

    def type_code(self, page: str) -> str:
        return self.send(page, {"code": self.newest_code()}, "Continue")

    def item(self, kind: str, **data: Any) -> dict[str, Any]:
        """Something that her phone kept and sends; a tap is for whom she works for."""
        with self.app.app_context():
            account = account_id(USERNAME)
            assignment = db.session.scalars(select(Assignment.id).order_by(Assignment.id.desc()))
            of_tap = {"assignment": assignment.first(), "location": "home"}
        made_at = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        data = data if kind in {"position", "undo"} else of_tap | data
        return {
            "id": str(uuid4()), "kind": kind, "account": account, "made_at": made_at, "data": data,
            "device": None, "signature": None,
        }  # fmt: skip

    def jobs(self) -> None:
        """Let the background work send what waits."""
        assert self.app.test_cli_runner().invoke(args=["jobs", "run", "--once"]).exit_code == 0

    def run(self, *arguments: str) -> None:
        result = self.app.test_cli_runner().invoke(args=arguments)
        assert result.exit_code == 0, result.output


def import_cases(walk: Walk) -> None:
    """The county's file; and again, so that nothing is only right the first time."""
    file = walk.folder / "cases.csv"
    file.write_text(CASES)
    for _ in range(2):
        walk.run("cases", "import", str(file))
    file.unlink()


def ask_the_county(walk: Walk) -> None:
    """Somebody whom the records do not match types all she knows, and asks for help."""
    page = _identity_page(walk)
    typed = _identity() | {"last_name": "Thistlewoods"}
    refused = post_form(walk.client, page, typed)
    assert refused.status_code == 422
    asked = send_form(walk.client, refused, {}, "Ask the county to look")
    name = {"name": "Wilhelmina Thistlewood", "reach": "canary.three@example.org"}
    assert send_form(walk.client, asked, name).status_code == 303


def register(walk: Walk) -> None:
    """All steps, with a mistyped address and a wrong code on the way."""
    walk.send(_identity_page(walk), _identity())
    walk.send("/register/email", {"email": "canary.four@example.org"})
    walk.later(3)
    walk.send("/register/email", {"email": "Canary.One@example.org"})
    wrong = post_form(walk.client, "/register/code", {"code": "000000"})
    assert wrong.status_code == 422
    walk.send("/register/code", {"code": walk.newest_code()})
    walk.send("/register/username", {"username": USERNAME})
    walk.send("/register/password", {"password": LONG_PASSWORD})
    answers: dict[str, str] = {}
    for number, (question, answer) in enumerate(ANSWERS.items(), 1):
        answers |= {f"question_{number}": question, f"answer_{number}": answer}
    walk.send("/register/questions", answers)
    typed = {"language": "en", "phone": "(213) 555-0177", "tells_by_text": "y"}
    walk.send("/register/contact", typed, "Create my account")
    walk.jobs()


def sign_in(walk: Walk) -> None:
    """By password and code, by a code alone, and wrongly; on a browser that nobody knows."""
    for typed in (PASSWORD, LONG_PASSWORD):
        walk.client = walk.app.test_client()
        post_form(walk.client, "/sign-in", {"username": USERNAME, "password": typed}, "Sign in")
    if walk.client.get("/sign-in/code").status_code != 200:
        post_form(walk.client, "/sign-in/second", {}, "Send me a code by e-mail")
    walk.type_code("/sign-in/code")
    walk.later(3)
    other = walk.app.test_client()
    walk.later(seconds=1)
    walk.client, mine = other, walk.client
    name = {"username": "canary.one@example.org", "password": ""}
    assert post_form(other, "/sign-in", name, "Send me a code").status_code == 303
    walk.type_code("/sign-in/code")
    walk.client = mine


def be_at_the_door(walk: Walk) -> None:
    """Her phone tells where it is in every way it can, twice, and in ways that make no sense."""
    tap, other = walk.item("check-in"), walk.item("check-in")
    told = {"latitude": "34.171771", "longitude": "-118.232377", "accuracy": "12.0"}
    sealed = sealed_positions.seal(
        (34.171771, -118.232377, 12.0), other["id"], sealed_positions.ours().public
    )
    plain = walk.item("position", event=tap["id"], **told)
    unheard_of = walk.item("position", event=plain["id"], **told)
    items = [
        tap, other, plain, plain, unheard_of,
        walk.item("position", event=other["id"], sealed=sealed, key=sealed_positions.ours().seals_to),
        plain | {"data": {"event": tap["id"], **told, "latitude": "34.17177"}},
        walk.item("position", event=tap["id"], **told),  # one was kept already
        walk.item("position", event="", **told),
        walk.item("position", event=tap["id"], **told | {"accuracy": "34.171771"}),
        walk.item("check-out", **told),
        walk.item("undo", event=tap["id"], **told),
    ]  # fmt: skip
    for sent in (items, items[::-1]):
        answer = walk.client.post(
            "/offline/events", json=sent, headers={"X-Requested-With": "carehours"}
        )
        assert answer.status_code == 200, answer.text
        assert not [told for told in PERSONAL["where she was"] if told in answer.text]
    with walk.app.app_context():
        found = db.session.scalars(select(VisitEvent.position)).all()
        assert sum(each is not None for each in found) == 2
        numbers = db.session.scalars(select(VisitEvent.receipt)).all()
    assert "34.17177" in walk.client.get("/locations").text
    for number in numbers:
        assert walk.client.get(f"/receipts/{number}/receipt.json").status_code == 200
    walk.jobs()


def change_contacts(walk: Walk) -> None:
    """Another address, another number, where letters go; each after a step-up."""
    _step_up(walk, "/account/email")
    walk.send("/account/email", {"email": "canary.two@example.org"})
    walk.type_code("/account/email/code")
    walk.later(3)
    _step_up(walk, "/account/phone")
    walk.send("/account/phone", {"phone": "(213) 555-0188"})
    walk.type_code("/account/phone/code")
    walk.later(3)
    walk.send("/account/address", {"address": "88 Okapi Lane\nGlendale, CA"})  # kept over a step-up
    _step_up(walk, "/account/address")
    walk.send("/account/address", {"address": "88 Okapi Lane\nGlendale, CA"})
    walk.jobs()


def add_factors(walk: Walk) -> None:
    """An authenticator app and a recovery kit, whose secrets are shown once."""
    walk.later(3)
    _step_up(walk, "/account/app")
    page = walk.client.get("/account/app")
    secret = re.search(r"\b(?:[A-Z2-7]{4} ?){6,}\b", page.text)
    assert secret
    bare = secret[0].replace(" ", "")
    code = authenticator_apps.code_at(bare, clock.now())
    assert send_form(walk.client, page, {"code": code}).status_code == 303
    walk.secrets += [bare, secret[0]]
    walk.later(3)
    _step_up(walk, "/account/recovery-kit")
    made = send_form(walk.client, walk.client.get("/account/recovery-kit"), {}, "Make a kit")
    codes = re.findall(r"(?<![\w-])[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3,}(?![\w-])", made.text)
    assert len(codes) == 10, made.text
    walk.secrets += codes
    walk.jobs()


def come_back(walk: Walk) -> None:
    """Everything is lost but the mailbox and the printed kit."""
    walk.later(3)
    walk.client = walk.app.test_client()
    post_form(walk.client, "/recover/username", {"email": "canary.two@example.org"})
    walk.send("/recover/everything", {"username": USERNAME}, "Continue")
    asked = walk.client.get("/recover/proofs/email")
    wrong = send_form(walk.client, asked, {"answer": "Quokka"}, "Send me the code")
    assert wrong.status_code == 422
    asked = walk.client.get("/recover/proofs/email").text
    questions = {"pet": "FIRST_PET", "job": "FIRST_JOB", "street": "FIRST_STREET"}
    answer = next(ANSWERS[code] for word, code in questions.items() if f"first {word}" in asked)
    walk.send("/recover/proofs/email", {"answer": answer}, "Send me the code")
    walk.type_code("/recover/code")
    walk.send("/recover/proofs/kit", {"code": walk.kit[0]}, "Continue")
    walk.send("/recover/new", {"new_password": NEW_PASSWORD}, "Save and sign in")
    walk.jobs()


def be_away_with_a_form_open(walk: Walk) -> None:
    """Her session ends under her hands; what she had typed is kept for her."""
    page = walk.client.get("/account/address")
    walk.later(24 * 60)
    sent = send_form(walk.client, page, {"address": "88 Okapi Lane"}, "Save")
    assert "Sign in" in sent.text
    with walk.app.app_context():
        assert db.session.scalars(select(KeptForm.sealed)).one()


def leave_a_note(walk: Walk) -> None:
    """A few words for the others who care for the same person."""
    begin_for_writing()
    with walk.app.app_context():
        case = db.session.scalars(select(Case).where(Case.number == "2000077")).one()
        account, page = account_id(USERNAME), f"/notes/{case.id}"
        db.session.add(NoteConsent(case_id=case.id, given_by_id=account, given_at=clock.now()))
        db.session.commit()
    walk.send(page, {"text": "She takes tamarind syrup at four."}, "Save note")
    assert "tamarind syrup" in walk.client.get(page).text


def be_corrected_at_the_desk(walk: Walk) -> None:
    """Two agents agree that her address was mistaken, and she follows the link."""
    with walk.app.app_context():
        page = f"/desk/accounts/{account_id(USERNAME)}"
    agents = [signed_in(walk.app, name) for name in ("dev", "noor")]
    typed = {"email": "canary.five@example.org", "reason": "Two letters were swapped."}
    asked = post_form(agents[0], f"{page}/email", typed, "Ask a second agent")
    assert asked.status_code == 303
    listed = re.search(r'href="(/desk/email-changes/\d+)"', agents[1].get("/desk").text)
    assert listed
    walk.later(seconds=1)
    agreed = post_form(agents[1], listed[1], {"reason": "I heard her too."}, "I agree")
    assert agreed.status_code == 303, agreed.text
    link = re.search(r"/new-email/\S+", messaging.letters(walk.mailbox)[0].text)
    assert link
    elsewhere = walk.app.test_client()
    assert send_form(elsewhere, elsewhere.get(link[0])).status_code == 200
    walk.jobs()


def be_told_to_the_state(walk: Walk) -> None:
    """The State's collector is away, takes what it is sent, and is away again: something still waits."""
    _visit(walk)
    simulator, away = Simulator(), "http://127.0.0.1:9"
    settings = walk.app.extensions["settings"]
    known = {"aggregator_account": ACCOUNT, "aggregator_provider": PROVIDER_ID}
    with served(simulator) as url:
        for address in (away, url, url, url, url, url):
            walk.app.extensions["settings"] = replace(settings, aggregator_url=address, **known)
            walk.jobs()
            walk.later(minutes=30)
        assert "34.171771" in str(simulator.held["visit"])
        assert "77 Quagga" in str(simulator.held["client"])
        begin_for_writing()
        with walk.app.app_context():
            db.session.execute(update(AggregatorRecord).values(fingerprint=None))
            db.session.commit()
    walk.jobs()
    walk.app.extensions["settings"] = settings
    with walk.app.app_context():
        waiting = select(AggregatorMessage.content).where(AggregatorMessage.state == "waiting")
        assert "34.171771" in str(db.session.scalars(waiting).all())


def _visit(walk: Walk) -> None:
    """A whole visit at home, with its places."""
    begin_for_writing()
    with walk.app.app_context():
        account = db.session.get_one(Account, account_id(USERNAME))
        assignment = db.session.scalars(
            select(Assignment).join(Provider).where(Provider.number == PROVIDER_NUMBER)
        ).one()
        for verb, at in (
            (visits.check_in, clock.now() - timedelta(hours=2)),
            (visits.check_out, clock.now()),
        ):
            number = str(uuid4())
            verb(
                db.session, assignment, location=Location.HOME, by=account, at=at,
                submission=Submission(number, at, content_hash([number])),
                position=Fix(34.171771, -118.232377, 12.0),
            )  # fmt: skip


PATHS: tuple[Callable[[Walk], Any], ...] = (
    import_cases,
    ask_the_county,
    register,
    sign_in,
    be_at_the_door,
    change_contacts,
    add_factors,
    come_back,
    leave_a_note,
    be_away_with_a_form_open,
    be_corrected_at_the_desk,
    be_told_to_the_state,
)


def account_id(username: str) -> int:
    return db.session.scalars(select(Account.id).where(Account.username == username)).one()


def signed_in(app: Flask, username: str) -> FlaskClient:
    """A browser that is signed in as somebody else."""
    begin_for_writing()
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.username == username)).one()
        token = sessions.start(
            db.session, account, method="passkey", device_id=None, at=clock.now()
        )
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": token, "_fresh": True})
    return client


def _identity_page(walk: Walk) -> str:
    start = walk.client.get("/register").text
    county = re.search(r'<option value="(\d+)"[^>]*>\s*Los Angeles', start)
    assert county
    return f"/register/identity?role=provider&county={county[1]}"


def _identity() -> dict[str, str]:
    return {
        "number": PROVIDER_NUMBER,
        "first_name": "Wilhelmina",
        "last_name": "Thistlewood",
        "born_on": "08/29/1931",
        "last4": "7493",
    }


def _step_up(walk: Walk, page: str) -> None:
    """Prove herself once more, by password and code."""
    walk.later(3)
    where = f"/step-up?next={page}"
    post_form(walk.client, where, {"password": LONG_PASSWORD}, "Continue")
    choice = walk.client.get("/step-up/code")
    if BY_MAIL in choice.text:
        send_form(walk.client, choice, {}, BY_MAIL)
    walk.type_code("/step-up/code")
