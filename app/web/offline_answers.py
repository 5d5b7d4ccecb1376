"""How is what became of a phone's items told to the phone: small, and in words a person can read?"""

from typing import Any

from app.services.item_results import ItemResult
from app.web.places import place_words
from app.web.wording import sentence


def as_json(result: ItemResult) -> dict[str, Any]:
    """One item's answer by the offline protocol; what there is nothing to say of is left out."""
    answer: dict[str, Any] = {"id": result.id, "result": result.result.value}
    if result.receipt is not None:
        answer["receipt"] = result.receipt
    if result.code is not None:
        answer["code"] = result.code
    message = _message(result)
    if message is not None:
        answer["message"] = message
    if result.theirs is not None:
        answer["theirs"] = dict(result.theirs)
    if result.told:
        answer["facts"] = dict(result.told)
    return answer


def _message(result: ItemResult) -> str | None:
    if result.verdict is not None:
        return place_words(result.verdict)
    return None if result.code is None else sentence(result.code, result.facts)
