"""Notes between the providers of one recipient: hers to allow, to read and to end."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain import notes as rules
from app.domain import parameters
from app.domain.outcomes import Refused
from app.domain.periods import local_day
from app.domain.permissions import Permission, Role
from app.extensions import db
from app.forms.notes import NoteForm
from app.models.cases import Case
from app.services import notes
from app.web import visit_words
from app.web.access import account, requires
from app.web.looks import note_look
from app.web.wording import sentence

bp = Blueprint("notes", __name__)


@bp.get("/notes")
@requires(Permission.READ_NOTES)
def index() -> ResponseReturnValue:
    """Whose notes: straight to them where there is only one."""
    cases = notes.cases_of(db.session, account(), clock.today())
    if len(cases) == 1:
        return redirect(url_for("notes.show", case_id=cases[0].id), 303)
    return render_template("notes/index.html", cases=cases)


@bp.get("/notes/<int:case_id>")
@requires(Permission.READ_NOTES)
def show(case_id: int) -> ResponseReturnValue:
    """The notes about one recipient, and who is there now."""
    return _page(_find(case_id), NoteForm(formdata=None))


@bp.post("/notes/<int:case_id>")
@requires(Permission.WRITE_NOTE)
def write(case_id: int) -> ResponseReturnValue:
    """Leave a note."""
    case, form = _find(case_id), NoteForm()
    try:
        notes.write(db.session, case, form.text.data or "", by=account(), at=clock.now())
    except Refused as refused:
        db.session.rollback()
        form.text.errors = [sentence(refused.code, refused.facts)]
        return _page(_find(case_id), form)
    flash(_("Saved. The others can read it now."), "success")
    return redirect(url_for("notes.show", case_id=case_id), 303)


@bp.post("/notes/<int:case_id>/allow")
@requires(Permission.ALLOW_NOTES)
def allow(case_id: int) -> ResponseReturnValue:
    """Let them share notes."""
    notes.allow(db.session, _find(case_id), by=account(), at=clock.now())
    flash(_("Notes are on. You can turn them off at any time."), "success")
    return redirect(url_for("notes.show", case_id=case_id), 303)


@bp.get("/notes/<int:case_id>/stop")
@requires(Permission.STOP_NOTES)
def stop(case_id: int) -> ResponseReturnValue:
    """What turning them off does, before it is done."""
    case = _find(case_id)
    board = notes.board(db.session, case, by=account(), at=clock.now())
    if board.consent is None:
        return redirect(url_for("notes.show", case_id=case_id), 303)
    return render_template("notes/stop.html", board=board)


@bp.post("/notes/<int:case_id>/stop")
@requires(Permission.STOP_NOTES)
def end(case_id: int) -> ResponseReturnValue:
    """Turn them off, and delete them all."""
    notes.stop(db.session, _find(case_id), by=account(), at=clock.now())
    flash(_("Notes are off, and all of them are deleted."), "success")
    return redirect(url_for("notes.show", case_id=case_id), 303)


@bp.get("/notes/<int:case_id>/<int:note_id>/delete")
@requires(Permission.READ_NOTES)
def delete(case_id: int, note_id: int) -> ResponseReturnValue:
    """The note once more, before it is gone."""
    case = _find(case_id)
    note = notes.note_of(db.session, case, note_id, by=account(), at=clock.now())
    return render_template("notes/delete.html", case=case, note=note)


@bp.post("/notes/<int:case_id>/<int:note_id>/delete")
@requires(Permission.READ_NOTES)
def remove(case_id: int, note_id: int) -> ResponseReturnValue:
    """Delete it for good."""
    case, by, at = _find(case_id), account(), clock.now()
    note = notes.note_of(db.session, case, note_id, by=by, at=at)
    notes.remove(db.session, case, note, by=by, at=at)
    flash(_("The note is deleted."), "success")
    return redirect(url_for("notes.show", case_id=case_id), 303)


def _find(case_id: int) -> Case:
    return notes.find(db.session, account(), case_id, clock.today())


def _page(case: Case, form: NoteForm) -> Response:
    """The page; that a provider read what others wrote is put on record."""
    at = clock.now()
    board = notes.board(db.session, case, by=account(), at=at)
    if account().role == Role.PROVIDER and board.consent is not None:
        note_look("notes:look", f"case:{case.id}", {"notes": [note.id for note in board.notes]})
    page = render_template(
        "notes/show.html",
        board=board,
        form=form,
        by=account(),
        goes_on=lambda note: rules.goes_on(local_day(note.written_at)),
        longest=parameters.value("note.longest", clock.today()),
        kept_for=parameters.value("note.kept_for", clock.today()),
        words=visit_words,
        at=at,
    )
    return Response(page, 422 if form.errors else 200)
