"""Every table, imported once, so that migrations and relationships see them all."""

from app.models import accounts as accounts
from app.models import aggregator as aggregator
from app.models import audit as audit
from app.models import cases as cases
from app.models import claims as claims
from app.models import devices as devices
from app.models import factors as factors
from app.models import messages as messages
from app.models import names as names
from app.models import notes as notes
from app.models import pair_flags as pair_flags
from app.models import payments as payments
from app.models import people as people
from app.models import registrations as registrations
from app.models import timesheets as timesheets
from app.models import visits as visits
from app.models.base import Base as Base
