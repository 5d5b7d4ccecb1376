"""What is missing, doubled or rewritten among a phone's signed events shows, in whatever order they came."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.domain.chains import ChainCode, Link, look

AT = datetime(2026, 3, 16, 15, tzinfo=UTC)


def link(number: int, hash_: str = "", previous: str | None = None, key: str = "k") -> Link:
    before = f"h{number - 1}" if number > 1 else ""
    mine = hash_ or f"h{number}"
    return Link(
        key, number, before if previous is None else previous, mine, AT, event=f"{key}{mine}"
    )


def codes(*links: Link, start: int = 1) -> list[tuple[str, int, int]]:
    return [
        (doubt.code.value, doubt.link.number, doubt.count) for doubt in look(links, {"k": start})
    ]


def test_a_whole_chain_is_not_odd() -> None:
    assert look([link(1), link(2), link(3)]) == []


def test_what_is_missing_is_counted_before_the_next_one() -> None:
    assert codes(link(1), link(5)) == [("CHAIN_GAP", 5, 3)]


def test_a_chain_that_does_not_begin_at_one_misses_its_beginning() -> None:
    assert codes(link(3), link(4)) == [("CHAIN_GAP", 3, 2)]


def test_what_was_before_the_part_that_is_looked_at_is_not_missing() -> None:
    assert codes(link(7), link(8), link(9), start=8) == []
    assert codes(link(8), link(9), start=8) == []


def test_two_events_with_one_number_are_a_fork_on_both() -> None:
    found = look([link(1), link(2), link(2, "other"), link(3)])

    assert [(doubt.code, doubt.link.event) for doubt in found] == [
        (ChainCode.FORK, "kh2"),
        (ChainCode.FORK, "kother"),
    ]


def test_one_event_told_twice_is_no_fork() -> None:
    assert look([link(1), link(1)]) == []


def test_a_link_that_names_another_before_it_is_broken() -> None:
    assert codes(link(1), link(2, previous="rewritten")) == [("CHAIN_BROKEN", 2, 1)]


def test_the_first_link_has_nothing_before_it() -> None:
    assert codes(link(1, previous="h0")) == [("CHAIN_BROKEN", 1, 1)]


def test_behind_a_fork_either_branch_may_go_on() -> None:
    found = codes(link(1), link(2), link(2, "other"), link(3, previous="other"))

    assert {code for code, _, _ in found} == {"CHAIN_FORK"}


def test_each_key_has_a_chain_of_its_own() -> None:
    assert look([link(1, key="a"), link(1, "x", key="b"), link(2, key="a")]) == []


@given(st.permutations([link(1), link(2), link(2, "other"), link(5), link(6, previous="odd")]))
def test_the_order_of_arrival_does_not_matter(links: list[Link]) -> None:
    assert codes(*links) == [
        ("CHAIN_FORK", 2, 2),
        ("CHAIN_FORK", 2, 2),
        ("CHAIN_GAP", 5, 2),
        ("CHAIN_BROKEN", 6, 1),
    ]
