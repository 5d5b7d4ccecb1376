"""What may stand in a log? What happened, but nothing that says who somebody is or that opens a door.

Nobody writes such things on purpose (docs/operating.md). But exceptions quote values: a database
names the row that is there already, a mail server the address that it does not know. So every line,
whoever writes it, goes through here while it is being made.
"""

import logging
import re
import traceback
from typing import Any

PRIVATE = (
    # PostgreSQL quotes whole rows after its error: “Key (username)=(ana) already exists.”
    (re.compile(r"DETAIL:.*?(?=\n\[SQL|\nHINT:|\nCONTEXT:|\n\n(?:The|During) |\Z)", re.DOTALL), "DETAIL: …"),
    (re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"), "[number]"),
    (re.compile(r"\+\d{8,15}(?!\d)|(?<!\d)(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?!\d)"), "[phone]"),
    # A ticket in a link: long, of letters and digits, and nothing that a programmer would call a name.
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{32,}"), "[ticket]"),
)  # fmt: skip


def scrubbed(text: str) -> str:
    """A line without what is private in it.

    >>> scrubbed("no mailbox for ana@example.com, ask (213) 555-0142")
    'no mailbox for [e-mail], ask [phone]'
    """
    for pattern, instead in PRIVATE:
        text = pattern.sub(instead, text)
    return text


def keep_private() -> None:
    """Let every line of this process be scrubbed; said by create_app."""
    logging.setLogRecordFactory(_scrubbed_record)


def _scrubbed_record(*arguments: Any, **options: Any) -> logging.LogRecord:
    """A record whose message and traceback are text already, so that no handler makes its own."""
    record = logging.LogRecord(*arguments, **options)
    try:
        record.msg = scrubbed(record.getMessage())
    except Exception:  # the arguments do not fit; the bare message is better than no line
        record.msg = scrubbed(str(record.msg))
    record.args = None
    if record.exc_info and record.exc_info[0]:
        record.exc_text = scrubbed("".join(traceback.format_exception(*record.exc_info))).rstrip()
    return record
