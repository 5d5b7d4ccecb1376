"""The history of all half months with search, and each timesheet on paper."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.history import HistoryForm, place_in_address, place_of
from app.gateways.documents import as_pdf
from app.models.cases import Assignment
from app.services import sheet_documents, sheet_search, timesheets
from app.services.sheet_documents import PaperSheet
from app.web import htmx
from app.web.access import account, requires
from app.web.sheet_paper import document_of, file_name

bp = Blueprint("history", __name__)

PAGE_LENGTH = 24
PDF = "application/pdf"


@bp.get("/timesheets/history")
@requires(Permission.KEEP_TIMESHEET)
def of_provider() -> ResponseReturnValue:
    """All half months of a provider: for whom, when, and how they stand."""
    provider = timesheets.provider_of(db.session, account())
    theirs = sheet_search.assignments_of_provider(db.session, provider)
    people = {each.case_id: each.recipient.person.full_name for each in theirs}
    form = _form(people.items(), theirs, signed=False)
    search = form.search(place_of(request.args.get("after")))
    found = sheet_search.of_provider(db.session, theirs, search, limit=PAGE_LENGTH)
    return _history(form, found, opens="timesheets.show", signs=False)


@bp.get("/approvals/history")
@requires(Permission.APPROVE_TIMESHEET)
def of_signer() -> ResponseReturnValue:
    """All that was signed for a recipient: by whom, when, and how it stands."""
    theirs = sheet_search.assignments_of_signer(db.session, account(), clock.today())
    people = {each.provider_id: each.provider.person.full_name for each in theirs}
    form = _form(people.items(), theirs, signed=True)
    search = form.search(place_of(request.args.get("after")))
    found = sheet_search.of_signer(db.session, theirs, search, limit=PAGE_LENGTH)
    return _history(form, found, opens="approvals.show", signs=True)


@bp.get("/timesheets/<int:timesheet_id>/document")
@requires(Permission.SEE_OWN_RECORDS)
def document(timesheet_id: int) -> ResponseReturnValue:
    """A timesheet as a page to print, with who signed it and by what it is known again."""
    paper = _paper(timesheet_id)
    return render_template("history/document.html", paper=paper, document=document_of(paper))


@bp.get("/timesheets/<int:timesheet_id>/document.pdf")
@requires(Permission.SEE_OWN_RECORDS)
def pdf(timesheet_id: int) -> ResponseReturnValue:
    """The same as a file to keep or to hand on."""
    paper = _paper(timesheet_id)
    named = f'attachment; filename="{file_name(paper)}"'
    return Response(
        as_pdf(document_of(paper)), mimetype=PDF, headers={"Content-Disposition": named}
    )


def _form(
    people: Iterable[tuple[int, str]], theirs: Sequence[Assignment], *, signed: bool
) -> HistoryForm:
    this_year = clock.today().year
    first = sheet_search.first_year(db.session, theirs) or this_year
    form = HistoryForm(request.args)
    form.offer(people, range(this_year, first - 1, -1), signed=signed)
    return form


def _history(form: HistoryForm, found: sheet_search.Found, **more: Any) -> Response:
    return htmx.render(
        "history/index.html",
        "history/_found.html",
        form=form,
        found=found,
        older=place_in_address(found.next),
        later=request.args.get("after"),
        nav_here="approvals" if more["signs"] else "timesheets",
        **more,
    )


def _paper(timesheet_id: int) -> PaperSheet:
    number = request.args.get("version", type=int)
    return sheet_documents.find(db.session, timesheet_id, number, by=account(), at=clock.now())
