"""Who is at the other end, as far as guessing is counted: a browser that we know, or a network address?

Many people share an address: an office, a home, a carrier's whole town. So a browser on which somebody
has proved herself before is counted by itself, and what others at its address do never shuts it out.
Only wrong tries are kept; a right one is given back.
"""

from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, current_app, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app import clock
from app.domain import guessing
from app.extensions import db
from app.gateways.secrets import Secrets
from app.services import counted_tries, devices
from app.web import device_cookie

ONE_HOME = 64  # bits of an IPv6 address that a provider gives to one household
SIGN_IN = "sign_in"
SEND_CODE = "send_code"
RECOVERY = "recovery"


def trust_proxies(app: Flask, count: int) -> None:
    """Take address and scheme from so many proxies in front of the portal, and from nobody else.

    Each of them must add to X-Forwarded-For, and set X-Forwarded-Proto.
    """
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]


def address() -> str:
    """The network address that this request comes from; of IPv6, the part that names a household.

    Whoever has one IPv6 address has 2⁶⁴ of them, so counting each would count nothing.
    """
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, ONE_HOME), strict=False).network_address)
    return str(found)


def count_try(what: str = SIGN_IN) -> None:
    """Count a try before it is looked at; commits. Refused with TOO_MANY_TRIES (retry_after, seconds).

    Passkeys are not counted: nobody guesses a signature, so they open the door whatever was tried.
    """
    at = clock.now()
    who = _who()
    counted_tries.count(
        db.session,
        what,
        [who],
        most=guessing.most_from_one_place(what, at),
        within=guessing.counted_for(at),
        secrets=_secrets(),
        at=at,
    )
    g.counted_try = (what, who, at)


def give_try_back() -> None:
    """The try of this request was right, or came to nothing by no fault of hers; never commits."""
    if counted := g.pop("counted_try", None):
        what, who, at = counted
        counted_tries.give_back(db.session, what, [who], secrets=_secrets(), at=at)


def _who() -> str:
    device = devices.find(db.session, device_cookie.token())
    if device is not None and devices.somebody_proved(db.session, device):
        return f"device {device.id}"
    return f"address {address()}"


def _secrets() -> Secrets:
    return Secrets(current_app.extensions["settings"].secret_key)
