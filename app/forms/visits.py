"""What does a person say about a visit: where care is given, why it was none, when it ended?"""

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange

from app.clock import LOS_ANGELES
from app.domain.hours import A_DAY, parse_clock
from app.domain.outcomes import Refused
from app.domain.visits import Location
from app.web.wording import SENTENCES, sentence

LOCATIONS = ((Location.HOME.value, _l("Home")), (Location.COMMUNITY.value, _l("Community")))
LONGEST_REASON = 500
LARGEST_KEY = 2**31 - 1


_IS_A_PLACE = AnyOf([value for value, _words in LOCATIONS], _l("Choose Home or Community."))


class _Submitted(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A form that is one act, however often it is sent: its id is made when it is shown."""

    submission_id = HiddenField(default=lambda: str(uuid4()))

    @property
    def event_id(self) -> str:
        """The id of the act; a new one where the page sent none, or something else."""
        try:
            return str(UUID(self.submission_id.data or ""))
        except ValueError:
            return str(uuid4())


class TapForm(_Submitted):
    """A check-in or check-out from the page; scripts send theirs another way."""

    assignment = IntegerField(validators=[InputRequired(), NumberRange(min=1, max=LARGEST_KEY)])
    location = StringField(_l("Where is the care given?"), validators=[_IS_A_PLACE])


class NotAVisitForm(_Submitted):
    """Why something that looks like a visit was none."""

    reason = TextAreaField(
        _l("What happened?"),
        validators=[DataRequired(SENTENCES["REASON_MISSING"]), Length(max=LONGEST_REASON)],
        filters=[lambda text: text.strip() if text else text],
    )


class CloseForm(_Submitted):
    """When and where a visit ended whose check-out was forgotten."""

    ended_on = DateField(
        _l("Day"), validators=[InputRequired(SENTENCES["END_DAY_MISSING"])], format="%Y-%m-%d"
    )
    ended_time = StringField(_l("Time"), validators=[InputRequired(SENTENCES["END_MISSING"])])
    location = StringField(_l("Where did it end?"), validators=[_IS_A_PLACE])

    def suggest(self, ended_at: datetime) -> None:
        """Fill in an end; she may change it."""
        local = ended_at.astimezone(LOS_ANGELES)
        self.ended_on.data, self.ended_time.data = local.date(), local.strftime("%H:%M")

    def ended_at(self, began_at: datetime) -> datetime | None:
        """The instant that is meant; None, with the error at its field, where none is."""
        try:
            minute = parse_clock(self.ended_time.data)
        except Refused as refused:
            self.ended_time.errors = [
                *self.ended_time.errors,
                sentence(refused.code, refused.facts),
            ]
            return None
        return instant_of(self.ended_on.data, minute, after=began_at)


def instant_of(on: date, minute: int, *, after: datetime) -> datetime:
    """A day and a minute of it as an instant.

    In the hour that comes twice when the clocks go back, the first that is later than `after` is
    meant, for nothing ends before it began.
    """
    day, minute = (on + timedelta(days=1), 0) if minute == A_DAY else (on, minute)
    first = datetime.combine(day, time(*divmod(minute, 60)), LOS_ANGELES)
    return first if first > after else first.replace(fold=1)
