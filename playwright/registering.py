"""What somebody does who has no account yet: the steps of registering, below the journeys."""

import re
from dataclasses import dataclass

from playwright.sync_api import expect

from people import Someone

LINK = re.compile(r"/register/continue/\S+")


@dataclass(frozen=True)
class Papers:
    """What the letters from the county say, and what she chooses for herself."""

    role: str
    number_label: str
    number: str
    first_name: str
    last_name: str
    born_on: str
    last4: str
    username: str


# The newcomers of demo.toml.
LUCIA = Papers(
    "I give care", "Provider number", "100000003", "Lucia", "Ramos Vega", "04/23/1979", "4417",
    "lucia_ramos",
)  # fmt: skip
GEORGE = Papers(
    "I receive care", "Case number", "1000004", "George", "Baker", "05311950", "0926",
    "george_baker",
)  # fmt: skip
HELEN = Papers(
    "I sign for a recipient", "Case number", "1000004", "Helen", "Baker", "12/02/1981", "7730",
    "helen_baker",
)  # fmt: skip
PASSWORD = "seven quiet lemons on a stair"


def begins(someone: Someone, papers: Papers) -> None:
    """From the first page to the fields of the letter."""
    someone.goes_to("/")
    someone.follows("Register")
    someone.looks_around()
    someone.page.get_by_role("radio", name=papers.role, exact=True).check()
    someone.page.get_by_label("County", exact=True).select_option("Los Angeles")
    someone.presses("Continue")
    expect(someone.page.get_by_label(papers.number_label, exact=True)).to_be_visible()
    someone.looks_around()


def says_who(someone: Someone, papers: Papers, **other: str) -> None:
    """All that stands in the letter."""
    page = someone.page
    page.get_by_label(papers.number_label, exact=True).fill(papers.number)
    page.get_by_label("First name", exact=True).fill(papers.first_name)
    page.get_by_label("Last name", exact=True).fill(other.get("last_name", papers.last_name))
    page.get_by_label("Date of birth", exact=True).fill(papers.born_on)
    page.get_by_label(re.compile("^Last four digits")).fill(papers.last4)
    someone.presses("Continue")


def gives_email(someone: Someone) -> None:
    someone.arrives_at("email")
    someone.page.get_by_label("E-mail", exact=True).fill(f"{someone.username}@example.com")
    someone.presses("Send me the code")
    someone.arrives_at("code")


def types_the_code(someone: Someone) -> None:
    code = someone.portal.newest_code_to(someone.username)
    someone.page.get_by_label("Code", exact=True).fill(code)
    someone.presses("Continue")


def link_to(someone: Someone) -> str:
    """The address in the newest letter."""
    return someone.portal.newest_to(someone.username, LINK)


def chooses_username(someone: Someone, username: str) -> None:
    someone.arrives_at("username")
    someone.page.get_by_label("Username", exact=True).fill(username)
    someone.presses("Continue")
    someone.arrives_at("password")


def chooses_password(someone: Someone) -> None:
    someone.page.get_by_label("Password", exact=True).fill(PASSWORD)
    someone.presses("Continue")


def answers_questions(someone: Someone) -> None:
    someone.arrives_at("questions")
    for label, answer in (("first", "Bruno"), ("second", "Ines"), ("third", "Calle Ocho")):
        someone.page.get_by_label(f"Answer to the {label} question", exact=True).fill(answer)
    someone.presses("Continue")


def ends(someone: Someone) -> None:
    """How to be told things; then the account is there."""
    someone.arrives_at("contact")
    someone.page.get_by_role("radio", name="Spanish (Español)", exact=True).check()
    someone.presses("Create my account")
    someone.arrives_at("done")
    someone.sees("Your account is ready")
