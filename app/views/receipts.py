"""Receipts: what a number stands for, a signed file of it to keep, and a page that checks such files."""

import json

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.domain.permissions import Permission
from app.extensions import db
from app.services import signed_receipts
from app.services.signed_receipts import Found
from app.web import receipt_files, receipt_words
from app.web.access import account, public, requires

bp = Blueprint("receipts", __name__, url_prefix="/receipts")


@bp.get("/check")
@public
def check() -> ResponseReturnValue:
    """Check a receipt's file: in the browser, so that no file leaves it (offline: in the shell)."""
    return render_template("receipts/check.html", checker=receipt_files.for_the_checker())


@bp.get("/keys.json")
@public
def keys() -> ResponseReturnValue:
    """The public keys of all receipts that this portal still answers for, as a JSON Web Key Set."""
    return {"keys": receipt_files.keys().published}


@bp.get("/<string:number>")
@requires(Permission.SEE_OWN_RECORDS)
def show(number: str) -> ResponseReturnValue:
    """What a receipt number stands for, in plain words."""
    found = _own(number)
    return render_template(
        "receipts/show.html", found=found, rows=receipt_words.rows_of(_content(found))
    )


@bp.get("/<string:number>/receipt.json")
@requires(Permission.SEE_OWN_RECORDS)
def download(number: str) -> ResponseReturnValue:
    """The receipt as a signed file."""
    found = _own(number)
    file = receipt_files.keys().sign(_content(found))
    return Response(
        json.dumps(file, ensure_ascii=False, indent=2, sort_keys=True) + "\n",
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="receipt-{found.receipt}.json"'},
    )


def _own(number: str) -> Found:
    return signed_receipts.find(db.session, number, by=account(), on=clock.today())


def _content(found: Found) -> dict[str, object]:
    portal = current_app.extensions["settings"].public_url
    return signed_receipts.content_of(db.session, found, portal=portal, at=clock.now())
