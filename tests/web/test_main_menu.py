"""The main menu marks the page that one is on, and no other."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.models.accounts import Account
from factories import World

LINK = re.compile(r'<a class="site-nav__link" href="([^"]+)"([^>]*)>')


@pytest.mark.parametrize("name", ["ana", "rosa", "armen", "casey", "dev"])
def test_each_link_is_marked_on_its_own_page(
    world: World, signed_in: Callable[[Account], FlaskClient], name: str
) -> None:
    client = signed_in(getattr(world, name))
    addresses = [address for address, _ in LINK.findall(client.get("/account").text)]
    assert addresses
    for address in addresses:
        links = LINK.findall(client.get(address, follow_redirects=True).text)
        assert [each for each, more in links if "aria-current" in more] == [address]


def test_a_page_below_marks_the_link_above(
    world: World, signed_in: Callable[[Account], FlaskClient]
) -> None:
    page = signed_in(world.dev).get(f"/desk/accounts/{world.ana.id}").text
    assert [each for each, more in LINK.findall(page) if "aria-current" in more] == ["/desk"]
