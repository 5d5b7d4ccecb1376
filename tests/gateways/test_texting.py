"""Texts reach a real service, and whatever stands in their way is told as it is."""

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app import config
from app.gateways import messaging, texting
from app.gateways.messaging import SendingFailed
from app.gateways.texting import HttpTexter, MailboxTexter, NoTexter, Texter, TextMessage
from app.gateways.turns import TooBusy, Turns
from smtp_server import free_port, silent_server
from text_service import FROM, SID, TOKEN, TextService, text_service

TEXT = TextMessage("+12135550142", "482913 is your CareHours code & more\n\n@localhost #482913")
ACTS: list[Callable[[Texter], None]] = [lambda by: by.send(TEXT), lambda by: by.rehearse()]
EITHER = pytest.mark.parametrize("act", ACTS, ids=["send", "rehearse"])


def test_a_text_arrives_whole_at_a_real_service() -> None:
    service = TextService()
    with text_service(service) as url:
        HttpTexter(url, FROM).send(TEXT)

    assert service.texts == [{"To": TEXT.to, "From": FROM, "Body": TEXT.text}]
    assert service.visits == [f"POST /2010-04-01/Accounts/{SID}/Messages.json"]
    login = base64.b64decode(service.logins[0].removeprefix("Basic ")).decode()
    assert login == f"{SID}:{TOKEN}"


def test_texts_may_come_from_a_pool_of_numbers() -> None:
    service = TextService()
    with text_service(service) as url:
        HttpTexter(url, "MG0123").send(TEXT)
    assert service.texts[0]["MessagingServiceSid"] == "MG0123"
    assert "From" not in service.texts[0]


def test_a_rehearsal_asks_the_service_and_sends_nothing() -> None:
    service = TextService()
    with text_service(service) as url:
        HttpTexter(url, FROM).rehearse()
    assert service.visits == [f"GET /2010-04-01/Accounts/{SID}.json"]
    assert service.texts == []


@EITHER
def test_a_service_that_is_down_is_told_as_it_is(act: Callable[[Texter], None]) -> None:
    with pytest.raises(SendingFailed, match="ConnectionRefusedError"):
        act(HttpTexter(f"http://{SID}:x@127.0.0.1:{free_port()}", FROM))


@EITHER
@pytest.mark.parametrize("status", [301, 400, 401, 429, 500, 503])
def test_a_service_that_says_no_is_told_as_it_is_and_quotes_no_number(
    act: Callable[[Texter], None], status: int
) -> None:
    service = TextService(refusal=status)
    with text_service(service) as url, pytest.raises(SendingFailed) as failed:
        act(HttpTexter(url, FROM))
    assert str(failed.value).startswith(f"{status} (error 21211) at 127.0.0.1:")
    assert "valid" not in str(failed.value)
    assert TOKEN not in str(failed.value)


@EITHER
def test_a_slow_service_is_not_waited_for(act: Callable[[Texter], None]) -> None:
    with silent_server() as port, pytest.raises(SendingFailed, match="TimeoutError"):
        act(HttpTexter(f"http://{SID}:x@127.0.0.1:{port}", FROM, timeout=0.2))


@EITHER
def test_nobody_speaks_to_a_service_that_cannot_show_who_it_is(
    act: Callable[[Texter], None],
) -> None:
    with text_service(TextService()) as url, pytest.raises(SendingFailed):
        act(HttpTexter(url.replace("http://", "https://"), FROM))


def test_a_slow_service_holds_only_a_few_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Turns(1, may_wait=0)
    monkeypatch.setattr(texting, "_dialogues", full)
    with full.one(), pytest.raises(TooBusy):
        HttpTexter("http://127.0.0.1:1", FROM).send(TEXT)


def test_in_the_demo_a_text_lies_beside_the_letters(tmp_path: Path) -> None:
    texter = MailboxTexter(tmp_path / "mailbox", "")
    texter.rehearse()
    texter.send(TEXT)
    (note,) = messaging.letters(tmp_path / "mailbox")
    assert (note.to, note.subject) == (TEXT.to, "Text message")
    assert note.text.strip() == TEXT.text


@EITHER
def test_where_no_service_is_set_nothing_pretends_to_send(act: Callable[[Texter], None]) -> None:
    with pytest.raises(SendingFailed, match="no text service is set"):
        act(NoTexter())


def test_the_settings_choose_the_texter() -> None:
    demo = config.from_environment({"PORTAL_ENV": "demo"})
    assert isinstance(texting.texter_for(demo), MailboxTexter)
    assert isinstance(texting.texter_for(replace(demo, text_url="")), NoTexter)
    assert isinstance(texting.texter_for(replace(demo, text_url="https://a:b@c")), HttpTexter)


@pytest.mark.parametrize(
    ("text_url", "text_from", "is_safe"),
    [
        ("", "", True),
        ("https://sid:token@api.example", FROM, True),
        ("https://sid:token@api.example", "", False),
        ("http://sid:token@api.example", FROM, False),
        ("mailbox:", FROM, False),
    ],
)
def test_in_production_texts_go_by_https_or_not_at_all(
    text_url: str, text_from: str, is_safe: bool
) -> None:
    settings = config.from_environment(
        {"PORTAL_ENV": "test", "PORTAL_TEXT_URL": text_url, "PORTAL_TEXT_FROM": text_from}
    )
    named = [problem for problem in config.unsafe(settings) if "PORTAL_TEXT" in problem]
    assert bool(named) is not is_safe
