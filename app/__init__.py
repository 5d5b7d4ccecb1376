"""CareHours: the application, put together. Read as a table of contents."""

import gc
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.engine import make_url

from app import config, extensions, web
from app.cli import demo_people
from app.domain import parameters
from app.gateways import logs, passwords, sealed_positions
from app.gateways.secrets import KeyRing
from app.gateways.time_anchors import TimeAnchors
from app.models import sealed
from app.models.engine import prepare
from app.services import offline
from app.services.commits import SharedCommit

SCREENS = (
    "home",
    "registration",
    "sign_in",
    "second_step",
    "disavowal",
    "passwords",
    "recovery",
    "account",
    "step_up",
    "contacts",
    "passkeys",
    "factors",
    "devices",
    "visits",
    "receipts",
    "locations",
    "notes",
    "timesheets",
    "corrections",
    "approvals",
    "history",
    "payments",
    "claims",
    "county",
    "county_sheets",
    "pair_flags",
    "county_claims",
    "service_desk",
    "help_requests",
    "evv_figures",
    "odd_visits",
    "what_if",
    "pwa",
    "system",
)
DEMO_SCREENS = ("demo",)
COMMANDS = (
    "aggregator",
    "database",
    "secrets",
    "receipts",
    "scenarios",
    "cases",
    "payroll",
    "timesheets",
    "jobs",
    "demo",
)


COLLECT_AFTER = 50_000, 20, 100  # what was made and not let go; the collections before an older one


class Portal(Flask):
    """Flask without its question, eight times a request, whether a function of ours is asynchronous."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: config.Settings | None = None) -> Flask:
    """The portal as a WSGI application, by settings or else by the environment."""
    settings = settings or config.from_environment()
    parameters.in_force()  # numbers of the law with a gap are refused now, not on the day of the gap
    logs.keep_private()
    app = Portal(__name__)
    app.extensions["settings"] = settings
    _configure(app, settings)
    _bind_extensions(app)
    if settings.is_production:
        with app.app_context():
            config.refuse(demo_people.found_in(extensions.db.engine))
    web.register(app, settings)
    for name in SCREENS + (DEMO_SCREENS if not settings.is_production else ()):
        app.register_blueprint(import_module(f"app.views.{name}").bp)
    for name in COMMANDS:
        app.cli.add_command(import_module(f"app.cli.{name}").commands)
    return app


def serve() -> Flask:
    """The portal for a process that does nothing else, by the environment.

    What it is made of stays to its end, so the garbage collector need not look through all of it again
    while people wait.
    """
    app = create_app()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    return app


def _configure(app: Flask, settings: config.Settings) -> None:
    prefix = "__Host-" if settings.has_https else ""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.environment == "test",
        SESSION_COOKIE_NAME=f"{prefix}session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.has_https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        SQLALCHEMY_ENGINES={
            "default": {
                "url": settings.database_url,
                "hide_parameters": True,
                # SQLite's connections each hold pages of their own, and drop them when another one
                # has written: whoever wrote last is the best to write next.
                "pool_use_lifo": True,
            }
        },
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session that it is bound to
        MAX_CONTENT_LENGTH=1024 * 1024,
        BABEL_DEFAULT_LOCALE="en",
        BABEL_DEFAULT_TIMEZONE="America/Los_Angeles",
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_REGISTER=False,  # web.register says what passes it
    )


def _bind_extensions(app: Flask) -> None:
    url = make_url(app.config["SQLALCHEMY_ENGINES"]["default"]["url"])
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    extensions.db.init_app(app)
    # It would also close async sessions, of which we have none, in a thread of its own a request.
    app.teardown_appcontext_funcs = [
        close for close in app.teardown_appcontext_funcs if not iscoroutinefunction(close)
    ]
    with app.app_context():
        prepare(extensions.db.engine)
    is_sqlite = url.get_backend_name() == "sqlite"  # PostgreSQL shares the disk's work by itself
    app.extensions["shared_commit"] = SharedCommit(offline.answer_all) if is_sqlite else None
    extensions.login_manager.init_app(app)
    extensions.csrf.init_app(app)
    extensions.babel.init_app(app)
    extensions.compress.init_app(app)
    settings = app.extensions["settings"]
    app.extensions["time_anchors"] = TimeAnchors(settings.secret_key)
    sealed.unlock(KeyRing(settings.sealing_keys, settings.fingerprint_key))
    sealed_positions.unlock(settings.sealing_keys)
    passwords.allow_at_once(settings.hashing_threads)
