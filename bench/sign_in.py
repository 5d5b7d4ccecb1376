"""What does signing in cost, and what does its time tell? P12 and S6.

P12 is the processor time of the whole server for a sign-in by passkey (asking for the challenge and
answering it) over one by password on a known device. S6 is how well the time of an answer tells a name
that somebody has from one that nobody has: the area under the ROC curve, 0.5 being not at all. It is taken
over all rounds: by chance alone the area of one round strays by 0.03, and that of all by 0.015.
"""

import http.client
import json
import math
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import prepared
import serving
from flask import Flask
from population import FIRST_ID, SHEETS_EACH
from sqlalchemy import select, update

from app.extensions import db
from app.gateways import passwords
from app.gateways.passkeys import RelyingParty
from app.gateways.secrets import Secrets
from app.models.accounts import Account
from app.models.engine import begin_for_writing
from app.services import devices, passkeys, sessions
from soft_authenticator import SoftAuthenticator

PASSWORD = "correct horse battery staple"  # noqa: S105 - the demo's
ROUNDS = 5
SIGN_INS_A_ROUND = 40
PAIRS_A_ROUND = 150
PROVIDERS = ROUNDS * PAIRS_A_ROUND + 50  # more than are asked about
SOMEBODY, NOBODY = "provider", "prowider"  # followed by a number; the one is as long as the other
SEED = 20261124
CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


@dataclass
class Browser:
    """Asks the portal as a browser does, with cookies and the form token; each time anew."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def opens_the_sign_in_page(self) -> "Browser":
        _, page = self._send("GET", "/sign-in?again=1", "", {})
        found = CSRF.search(page)
        assert found, page
        self.token = found[1]
        return self

    def posts(self, address: str, fields: dict[str, str], came_from: str = "") -> tuple[int, str]:
        """Send a form; `came_from` is the network address that a proxy before the portal saw."""
        body = urlencode({"csrf_token": self.token, **fields})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", address, body, kind, came_from)

    def posts_json(self, address: str, content: object) -> tuple[int, Any]:
        kind = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        status, text = self._send("POST", address, json.dumps(content), kind)
        return status, json.loads(text)

    def _send(
        self, method: str, address: str, body: str, headers: dict[str, str], came_from: str = ""
    ) -> tuple[int, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        more = {"Cookie": cookies, "X-Forwarded-For": came_from or "127.0.0.1"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, address, body, {**headers, **more})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text


def measure_cost(folder: Path) -> dict[str, Any]:
    """P12: processor time of a sign-in by passkey over one by password."""
    app = prepared.portal(folder, SHEETS_EACH)
    with serving.portal(folder) as server:
        phone, device = _equip_ana(app, server.port)
        costs: list[tuple[float, float]] = []
        for _ in range(ROUNDS + 1):
            by_passkey = _cost(server, lambda: _by_passkey(server.port, phone))
            by_password = _cost(server, lambda: _by_password(server.port, device))
            costs.append((by_passkey, by_password))
    costs = costs[1:]  # the first round warms up
    runs = [round(passkey / password, 3) for passkey, password in costs]
    return {
        "value": round(median(runs), 3),
        "unit": "processor time of a sign-in by passkey / of one by password, whole requests",
        "runs": runs,
        "passkey_ms": round(median(passkey for passkey, _ in costs) * 1000, 2),
        "password_ms": round(median(password for _, password in costs) * 1000, 2),
    }


def measure_telling(folder: Path) -> dict[str, Any]:
    """S6: the area under the ROC curve of the worst of the questions that take a name."""
    app = prepared.portal(folder, PROVIDERS * SHEETS_EACH)
    with app.app_context():
        begin_for_writing()
        kept = passwords.hash_password(PASSWORD)
        db.session.execute(update(Account).where(Account.id >= FIRST_ID).values(password_hash=kept))
        db.session.commit()
    with serving.portal(folder, PORTAL_PROXIES="1") as server:
        told = {name: _telling(server.port, ask, name) for name, ask in QUESTIONS.items()}
    worst = max(told, key=lambda name: told[name]["auc"])
    return {
        "value": told[worst]["auc"],
        "unit": "area under the ROC curve of the time of an answer, known against unknown names",
        "runs": told[worst]["runs"],
        "worst": worst,
        "questions": told,
    }


def _equip_ana(app: Flask, port: int) -> tuple[SoftAuthenticator, str]:
    """A passkey of Ana's, and the token of a device that knows her."""
    begin_for_writing()
    at = datetime.now(UTC)
    phone = SoftAuthenticator(origin=f"http://localhost:{port}")
    party = RelyingParty.at(phone.origin)
    secrets = Secrets(app.config["SECRET_KEY"])
    with app.app_context():
        ana = db.session.scalars(select(Account).where(Account.username == "ana")).one()
        sessions.start(db.session, ana, method="passkey", device_id=None, at=at)
        db.session.flush()
        options = passkeys.begin_enrolment(db.session, party=party, secrets=secrets, by=ana, at=at)
        passkeys.enrol(
            db.session, phone.register(options), "Bench",
            party=party, secrets=secrets, session_id=0, by=ana, at=at,
        )  # fmt: skip
        device, token = devices.remember(db.session, name="Bench", at=at)
        devices.prove(db.session, device, ana, at=at)
        db.session.commit()
    return phone, token


def _cost(server: serving.Server, sign_in: Callable[[], Callable[[], None]]) -> float:
    """Seconds of processor time that a sign-in takes on the server; `sign_in` prepares it."""
    prepared_ones = [sign_in() for _ in range(SIGN_INS_A_ROUND)]
    before = server.processor_seconds()
    for each in prepared_ones:
        each()
    return (server.processor_seconds() - before) / SIGN_INS_A_ROUND


def _by_password(port: int, device: str) -> Callable[[], None]:
    browser = Browser(port, {"device": device}).opens_the_sign_in_page()

    def sign_in() -> None:
        status, text = browser.posts("/sign-in", {"username": "ana", "password": PASSWORD})
        assert status == 303, text

    return sign_in


def _by_passkey(port: int, phone: SoftAuthenticator) -> Callable[[], None]:
    browser = Browser(port).opens_the_sign_in_page()

    def sign_in() -> None:
        _, options = browser.posts_json("/sign-in/passkey/options", {})
        answer = {"credential": phone.sign_in(options), "next": ""}
        status, said = browser.posts_json("/sign-in/passkey", answer)
        assert (status, said) == (200, {"location": "/"}), said

    return sign_in


def _ask_password(browser: Browser, name: str, came_from: str) -> None:
    wrong = {"username": name, "password": "not the right one"}
    status, text = browser.posts("/sign-in", wrong, came_from)
    assert status == 422, text


def _ask_for_code(browser: Browser, name: str, came_from: str) -> None:
    status, text = browser.posts("/sign-in/send-code", {"username": name}, came_from)
    assert status == 303, text


def _ask_for_username(browser: Browser, name: str, came_from: str) -> None:
    mine = {"email": f"{name}@example.com"}
    status, text = browser.posts("/recover/username", mine, came_from)
    assert status == 200, text


QUESTIONS = {
    "wrong password": _ask_password,
    "send me a code": _ask_for_code,
    "forgot my username": _ask_for_username,
}


def _telling(port: int, ask: Callable[[Browser, str, str], None], what: str) -> dict[str, Any]:
    """Ask about names that were never asked about, known and unknown by turns in a random order."""
    chance = random.Random(f"{SEED} {what}")  # noqa: S311 - an order, not a secret
    fresh = iter(range(PROVIDERS))
    browser = Browser(port).opens_the_sign_in_page()
    runs: list[float] = []
    everything: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(PAIRS_A_ROUND):
            number = next(fresh)
            for known in chance.sample((True, False), 2):
                name = f"{SOMEBODY if known else NOBODY}{number}"
                came_from = ".".join(str(chance.randrange(1, 255)) for _ in range(4))
                began = time.perf_counter()
                ask(browser, name, came_from)
                times[known].append(time.perf_counter() - began)
        runs.append(round(_auc(*times), 3))
        everything[0].extend(times[0])
        everything[1].extend(times[1])
    return {
        "auc": round(_auc(*everything), 3),
        "strays_by_chance": round(_by_chance(*map(len, everything)), 3),
        "runs": runs,
        "unknown_ms": round(median(everything[0]) * 1000, 2),
        "known_ms": round(median(everything[1]) * 1000, 2),
    }


def _by_chance(unknown: int, known: int) -> float:
    """The standard deviation of the area where nothing tells the two apart (Mann and Whitney)."""
    return math.sqrt((unknown + known + 1) / (12 * unknown * known))


def _auc(unknown: list[float], known: list[float]) -> float:
    """How often a random one of the one kind takes longer than one of the other; 0.5 tells nothing."""
    longer = sum(each > other for each in known for other in unknown)
    same = sum(each == other for each in known for other in unknown)
    area = (longer + same / 2) / (len(known) * len(unknown))
    return max(area, 1 - area)
