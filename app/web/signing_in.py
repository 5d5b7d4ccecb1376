"""What changes in a browser when somebody signs in or out: its session, its cookies, what it keeps?"""

from flask import Response, current_app, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.extensions import db
from app.gateways.passkeys import RelyingParty
from app.gateways.secrets import Secrets
from app.models.accounts import Account
from app.services import devices, sessions
from app.services import sign_in as use_case
from app.web import device_cookie, kept_typing, next_page
from app.web.access import SignedIn


def secrets() -> Secrets:
    """What can be done with this portal's secret key."""
    return Secrets(current_app.extensions["settings"].secret_key)


def party() -> RelyingParty:
    """This portal, as passkeys know it."""
    return RelyingParty.at(current_app.extensions["settings"].public_url)


def target(wanted: str | None) -> str:
    """Where to go after signing in: a form that waits comes before any page."""
    if session.get(kept_typing.COOKIE_KEY):
        return url_for("sign_in.resume")
    return next_page.safe(wanted)


def enter(
    response: Response | BaseResponse, account: Account, *, method: str, proves_device: bool
) -> None:
    """Open a session in this browser, in place of any before it, and know the device from now on.

    Refused with FROZEN, where the owner said of a change that it was not her.
    The cookie starts afresh, so nothing that was set before signing in outlives it, but for the
    token of a form that waits to be sent.
    """
    at = clock.now()
    if current_user.is_authenticated:
        sessions.end(db.session, current_user.session, at=at)
    device_token = device_cookie.token()
    device = devices.find(db.session, device_token)
    if device is None or device_token is None:
        name = device_cookie.browser_name(request.user_agent.string)
        device, device_token = devices.remember(db.session, name=name, at=at)
    begun = use_case.start_session(
        db.session, account, method=method, device=device, proves_device=proves_device, at=at
    )
    kept = session.get(kept_typing.COOKIE_KEY)
    session.clear()
    if kept:
        session[kept_typing.COOKIE_KEY] = kept
    login_user(SignedIn(begun.session, begun.token))
    session.pop("_id", None)  # a fingerprint for a protection that is off: each request carries it
    device_cookie.keep(response, device_token)


def leave(response: Response | BaseResponse) -> None:
    """End the session on the portal and take its cookie; what waits to be sent stays on the phone.

    `Clear-Site-Data: "cache"` alone: "storage" would wipe the outbox and the device's key, and
    "cookies" the cookie by which the device is known.
    """
    if current_user.is_authenticated:
        sessions.end(db.session, current_user.session, at=clock.now())
        logout_user()
    session.clear()
    response.headers["Clear-Site-Data"] = '"cache"'
