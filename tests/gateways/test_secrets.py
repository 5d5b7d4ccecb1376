"""What is sealed for one purpose and one person is opened for no other."""

import pytest

from app.gateways.secrets import Secrets, Unreadable, same

OURS = Secrets("a key of thirty-two characters...")


def test_what_was_sealed_is_read_again() -> None:
    sealed = OURS.seal("form", "8:00 at Rosa\N{RIGHT SINGLE QUOTATION MARK}s", bound_to="ana")
    assert "Rosa" not in sealed
    assert OURS.open("form", sealed, bound_to="ana") == "8:00 at Rosa’s"


@pytest.mark.parametrize(
    ("secrets", "purpose", "bound_to"),
    [
        (Secrets("another key"), "form", "ana"),
        (OURS, "something else", "ana"),
        (OURS, "form", "rosa"),
    ],
    ids=["another key", "another purpose", "somebody else"],
)
def test_nobody_else_reads_it(secrets: Secrets, purpose: str, bound_to: str) -> None:
    sealed = OURS.seal("form", "8:00", bound_to="ana")
    with pytest.raises(Unreadable):
        secrets.open(purpose, sealed, bound_to=bound_to)


@pytest.mark.parametrize("damaged", ["", "AAAA", "A" * 60, "\N{SNOWMAN}"])
def test_what_is_damaged_is_not_read(damaged: str) -> None:
    with pytest.raises(Unreadable):
        OURS.open("form", damaged, bound_to="ana")


def test_a_fingerprint_is_the_same_each_time_and_differs_by_key_and_purpose() -> None:
    ours = OURS.fingerprint("code", "482913")
    assert same(ours, OURS.fingerprint("code", "482913"))
    assert not same(ours, OURS.fingerprint("name", "482913"))
    assert not same(ours, Secrets("another key").fingerprint("code", "482913"))
