"""Everything that a rule or a use-case can say has a sentence, and mail where it is told by mail."""

import re
from pathlib import Path

import pytest
from flask import Flask

from app.web.wording import SENTENCES
from house_rules.codes import Spoken, notices, spoken

EMAILS = Path(__file__).parents[2] / "app" / "templates" / "emails"
PLACE = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize("said", spoken(), ids=lambda said: f"{said.code} {said.place}")
def test_every_code_has_a_sentence_made_of_the_facts_it_comes_with(
    said: Spoken, app: Flask
) -> None:
    assert said.code in SENTENCES
    with app.test_request_context():
        places = set(PLACE.findall(str(SENTENCES[said.code])))
    if said.facts is not None:
        assert places <= said.facts


@pytest.mark.parametrize(("code", "place"), notices(), ids=lambda value: str(value))
def test_every_notice_has_a_sentence_and_a_mail(code: str, place: str) -> None:
    assert f"NOTICE_{code}" in SENTENCES
    stem = code.lower().replace("_", "-")
    for ending in (".subject.txt", ".txt", ".html"):
        assert (EMAILS / f"{stem}{ending}").is_file(), f"{stem}{ending}, told at {place}"
