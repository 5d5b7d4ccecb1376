"""The examples in the docstrings of the rules are true."""

import doctest
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest

from app import domain

MODULES = [import_module(f"app.domain.{module.name}") for module in iter_modules(domain.__path__)]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_in_docstrings_run(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
