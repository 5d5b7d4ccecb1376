"""Who may enter a route? Said next to its URL, checked before the view runs."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, current_app, g, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user

from app import clock
from app.domain.permissions import Permission, Role, may
from app.extensions import db, login_manager
from app.models.accounts import Account
from app.models.devices import Session
from app.services import sessions

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login carries no types
    """The account behind this request and the session it came in by."""

    def __init__(self, session: Session, token: str) -> None:
        self.session = session
        self.account = session.account
        self.role = Role(session.account.role)
        self._token = token

    def get_id(self) -> str:
        return self._token

    def may(self, permission: Permission) -> bool:
        return may(self.role, permission)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_signed_in(token: str) -> SignedIn | None:
    """Flask-Login's question at each request: who holds this session token?"""
    session = sessions.find(db.session, token, at=clock.now())
    return None if session is None else SignedIn(session, token)


def public(view: View) -> View:
    """Anybody may enter."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def asks(view: View) -> View:
    """What this form sends is a question: nothing is changed, so it queues with no writer."""
    view.asks = True  # type: ignore[attr-defined]
    return view


def only_asks(endpoint: str | None) -> bool:
    """Whether the route of this name changes nothing, though a form is sent to it."""
    return bool(getattr(current_app.view_functions.get(endpoint or ""), "asks", False))


def is_public(endpoint: str | None) -> bool:
    """Whether anybody may enter the route of this name; a name without a route guards nothing."""
    view = current_app.view_functions.get(endpoint or "")
    return bool(getattr(view, "access", PUBLIC) == PUBLIC)


def requires(permission: Permission) -> Callable[[View], View]:
    """Only an account whose role has the permission may enter; others are sent to sign in."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return cast(ResponseReturnValue, current_app.extensions["ask_to_sign_in"]())
            if not current_user.may(permission):
                abort(403)
            return cast(ResponseReturnValue, view(*args, **kwargs))

        guarded.access = permission  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def account() -> Account:
    """The signed-in account; only for views behind `requires`."""
    return cast(Account, current_user.account)


def session_token() -> str | None:
    """The token in the session cookie, live or not; for views that look no further than a tap needs."""
    return cast("str | None", cookie.get("_user_id"))


def signed_in_role() -> Role | None:
    return current_user.role if current_user.is_authenticated else None


def after_request_see() -> None:
    """Keep the session alive once the answer is made (see services.sessions.see)."""
    if g.get("keeps_session_idle"):  # background calls are no sign of a person
        return
    if request.endpoint not in {"static", None} and current_user.is_authenticated:
        sessions.see(db.session, current_user.session, at=clock.now())
