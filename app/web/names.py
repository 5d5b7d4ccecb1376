"""How is it said for whom hours are, where one person may be cared for under two programs?"""

from flask_babel import gettext

from app.models.cases import Assignment
from app.web.wording import sentence

MOST_ARE = "ihss"


def recipient_name(assignment: Assignment) -> str:
    """`Rosa Delgado`, or `Rosa Delgado (WPCS)` where the hours are those of the other program."""
    name = assignment.recipient.person.full_name
    if assignment.program == MOST_ARE:
        return name
    program = sentence(f"PROGRAM_{assignment.program.upper()}")
    return str(gettext("%(name)s (%(program)s)", name=name, program=program))
