"""Is anything missing, doubled or rewritten among what one key of a phone signed?

Each event bears a number, one more than the event before it, and the hash of what was signed then
(docs/offline.md). So nothing can be left out, put in or changed later without a trace. What was
refused is a link as well. The answer does not depend on the order in which the links arrived.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Link:
    """One signed event's place in a chain; `event` is the caller's own id of it, None if refused."""

    key: str
    number: int
    previous: str
    hash: str
    received_at: datetime
    event: int | str | None = None


class ChainCode(StrEnum):
    """What can be odd about a link."""

    GAP = "CHAIN_GAP"  # what should come before it is not here
    FORK = "CHAIN_FORK"  # another event bears the same number
    BROKEN = "CHAIN_BROKEN"  # what came before it was another event than it says


@dataclass(frozen=True, slots=True)
class ChainDoubt:
    """Something odd about a link, with how many events it concerns."""

    code: ChainCode
    link: Link
    count: int = 1


def look(links: Iterable[Link], complete_from: Mapping[str, int] | None = None) -> list[ChainDoubt]:
    """What is odd about the chains of these links, by key and number.

    From its number in `complete_from` on, all links of a key that ever came must be given; without
    one, from the first. CHAIN_GAP counts the missing ones before a link, CHAIN_FORK all that bear the
    number.

    >>> at = datetime(2026, 3, 16)
    >>> one, three = Link("k", 1, "", "h1", at), Link("k", 3, "h2", "h3", at)
    >>> [(doubt.code.value, doubt.link.number, doubt.count) for doubt in look([three, one])]
    [('CHAIN_GAP', 3, 1)]
    """
    chains: dict[str, dict[int, list[Link]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        chains[link.key][link.number].append(link)
    starts = complete_from or {}
    return [
        doubt
        for key in sorted(chains)
        for doubt in _look_at(chains[key], max(1, starts.get(key, 1)))
    ]


def _look_at(chain: Mapping[int, list[Link]], first: int) -> list[ChainDoubt]:
    found: list[ChainDoubt] = []
    before = first - 1
    for number in sorted(number for number in chain if number >= first):
        same = sorted(chain[number], key=lambda link: (link.hash, str(link.event)))
        told = len({link.hash for link in same})
        for link in same:
            if told > 1:
                found.append(ChainDoubt(ChainCode.FORK, link, told))
            if number - before > 1:
                found.append(ChainDoubt(ChainCode.GAP, link, number - before - 1))
            elif _is_broken(link, chain.get(number - 1), is_first=number == 1):
                found.append(ChainDoubt(ChainCode.BROKEN, link))
        before = number
    return found


def _is_broken(link: Link, before: list[Link] | None, *, is_first: bool) -> bool:
    """Whether it names another predecessor than those there are; unknown ones are not held against it."""
    if is_first:
        return link.previous != ""
    return before is not None and link.previous not in {each.hash for each in before}
