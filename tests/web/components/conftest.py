"""Draws one component by itself, as any page would."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

Draw = Callable[..., str]


@pytest.fixture
def draw(app: Flask) -> Draw:
    """`draw("week_bar", "week_bar", worked=60)`: the named macro of a component, as HTML."""

    def drawn(component: str, macro: str, *args: Any, **kwargs: Any) -> str:
        with app.test_request_context("/"):
            module = app.jinja_env.get_template(f"components/{component}.html").module
            return str(getattr(module, macro)(*args, **kwargs))

    return drawn
