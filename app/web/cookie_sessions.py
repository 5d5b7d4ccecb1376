"""How is the session cookie read and written, at each request and so at little cost?"""

from functools import lru_cache
from typing import Any

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

SERIALIZER = "session_serializer"


class _Signer(TimestampSigner):
    """Derives its key once and not for every cookie."""

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        given = self.secret_keys[-1] if secret_key is None else secret_key
        return _derived(self.key_derivation, bytes(self.salt), given)


@lru_cache(maxsize=8)
def _derived(method: str, salt: bytes, secret_key: str | bytes) -> bytes:
    return TimestampSigner(secret_key, salt=salt, key_derivation=method).derive_key(secret_key)


class CookieSessions(SecureCookieSessionInterface):
    """Flask's own sessions, whose cookie and `Vary` stay away from what is the same for everybody.

    Static files neither set a cookie nor vary by one, so that a phone need not fetch them again because
    somebody signed in; nor do answers to background calls, which nobody stores.
    """

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Made once for each application, for every request asks for it twice."""
        made: URLSafeTimedSerializer | None = app.extensions.get(SERIALIZER)
        if made is None:
            made = super().get_signing_serializer(app)
            if made is not None:
                made.signer = _Signer
            app.extensions[SERIALIZER] = made
        return made

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        is_for_all: Any = request.endpoint == "static" or g.get("keeps_session_idle")
        if session.modified or not is_for_all:
            super().save_session(app, session, response)
