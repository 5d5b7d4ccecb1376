"""Letters reach a real mail server, and whatever stands in their way is told as it is."""

from pathlib import Path

import pytest

from app.gateways import messaging
from app.gateways.messaging import Email, MailboxMailer, SendingFailed, SmtpMailer
from app.gateways.turns import TooBusy, Turns
from smtp_server import Postbox, free_port, silent_server, smtp_server

FROM = "CareHours <no-reply@carehours.example>"
LETTER = Email("ana@example.com", "Su código es 482913", "Hola Ana\n", "<p>Hola Ana</p>")


def test_a_letter_arrives_whole_at_a_real_server() -> None:
    postbox = Postbox()
    with smtp_server(postbox) as url:
        SmtpMailer(url, FROM).send(LETTER)

    (arrived,) = postbox.letters
    assert (arrived["To"], arrived["From"]) == ("ana@example.com", FROM)
    assert arrived["Subject"] == "Su código es 482913"
    assert arrived["Message-ID"].endswith("@carehours.example>")
    assert arrived["Auto-Submitted"] == "auto-generated"
    plain, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert plain is not None
    assert plain.get_content().splitlines() == ["Hola Ana"]
    assert html is not None
    assert "<p>Hola Ana</p>" in html.get_content()


@pytest.mark.parametrize("act", ["send", "rehearse"])
def test_a_server_that_is_down_is_told_as_it_is(act: str) -> None:
    mailer = SmtpMailer(f"smtp://127.0.0.1:{free_port()}", FROM)
    with pytest.raises(SendingFailed, match="ConnectionRefusedError"):
        mailer.send(LETTER) if act == "send" else mailer.rehearse()


@pytest.mark.parametrize("act", ["send", "rehearse"])
def test_a_server_that_answers_500_is_told_as_it_is(act: str) -> None:
    with smtp_server(Postbox(refusal="500 No thank you")) as url:
        mailer = SmtpMailer(url, FROM)
        with pytest.raises(SendingFailed):
            mailer.send(LETTER) if act == "send" else mailer.rehearse()


def test_a_server_that_says_nothing_is_not_waited_for_long() -> None:
    with silent_server() as port, pytest.raises(SendingFailed, match="Disconnected"):
        SmtpMailer(f"smtp://127.0.0.1:{port}", FROM, timeout=0.2).send(LETTER)


def test_a_slow_server_holds_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messaging, "_dialogues", Turns(1, may_wait=0))
    with messaging._dialogues.one(), pytest.raises(TooBusy):
        SmtpMailer("smtp://127.0.0.1:1", FROM).rehearse()


@pytest.mark.parametrize("letter", [None, LETTER])
def test_a_rehearsal_speaks_to_the_server_and_leaves_no_letter(letter: Email | None) -> None:
    postbox = Postbox()
    with smtp_server(postbox) as url:
        SmtpMailer(url, FROM).rehearse(letter)
    assert (postbox.visits, postbox.letters) == (1, [])


def test_a_rehearsal_leaves_nothing_in_the_mailbox(tmp_path: Path) -> None:
    MailboxMailer(tmp_path, FROM).rehearse(LETTER)
    assert list(tmp_path.iterdir()) == []


def test_no_letter_goes_to_another_machine_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messaging, "LOCAL_HOSTS", frozenset())
    postbox = Postbox()
    with smtp_server(postbox) as url, pytest.raises(SendingFailed, match="NotSupported"):
        SmtpMailer(url, FROM).send(LETTER)
    assert postbox.letters == []


def test_the_demo_puts_letters_in_a_folder_and_reads_them_newest_first(tmp_path: Path) -> None:
    mailer = MailboxMailer(tmp_path / "mailbox", FROM)
    mailer.send(LETTER)
    mailer.send(Email("rosa@example.com", "A timesheet waits for you", "Hello Rosa\n"))

    newest, oldest = messaging.letters(tmp_path / "mailbox")

    assert (newest.to, newest.subject) == ("rosa@example.com", "A timesheet waits for you")
    assert (oldest.subject, oldest.text) == ("Su código es 482913", "Hola Ana\n")
    assert messaging.read(tmp_path / "mailbox", newest.name) == newest


@pytest.mark.parametrize("name", ["../secret.eml", "x.eml", "/etc/passwd", "", "a\x00.eml"])
def test_no_other_file_is_read_as_a_letter(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.eml").write_text("Subject: secret\n\n")
    (tmp_path / "mailbox").mkdir()
    assert messaging.read(tmp_path / "mailbox", name) is None


def test_an_empty_demo_has_no_letters(tmp_path: Path) -> None:
    assert messaging.letters(tmp_path / "mailbox") == []


def test_a_folder_that_cannot_be_written_is_told_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mailbox").write_text("a file where the folder should be")
    with pytest.raises(SendingFailed):
        MailboxMailer(tmp_path / "mailbox", FROM).send(LETTER)


def test_an_address_cannot_smuggle_in_a_header() -> None:
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        messaging.composed(Email("ana@example.com\nBcc: all@example.com", "x", "x"), FROM)
