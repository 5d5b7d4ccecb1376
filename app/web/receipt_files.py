"""By which keys does this portal sign receipts, and who may know them? Everybody, but for the secret half."""

from flask import current_app

from app.gateways.receipt_keys import ReceiptKeys
from app.web import receipt_words
from app.web.wording import sentence

KEYS = "receipt_keys"
OUTCOMES = ("genuine", "not_genuine", "unknown_key", "unreadable")


def keys() -> ReceiptKeys:
    """The keys that follow from the settings; made once for each application."""
    known: ReceiptKeys | None = current_app.extensions.get(KEYS)
    if known is None:
        settings = current_app.extensions["settings"]
        known = current_app.extensions[KEYS] = ReceiptKeys(settings.sealing_keys)
    return known


def for_the_checker() -> dict[str, object]:
    """All that the page needs to check a receipt without a network: public keys, and words."""
    return {
        "keys": keys().published,
        "labels": receipt_words.labels(),
        "codes": receipt_words.codes(),
        "yes": sentence("RECEIPT_YES"),
    }
