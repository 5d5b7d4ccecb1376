"""Sentences about security questions and ways back into an account."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "QUESTION_FIRST_PET": _l("What was the name of your first pet?"),
    "QUESTION_CHILDHOOD_FRIEND": _l("Who was your best friend when you were a child?"),
    "QUESTION_FIRST_STREET": _l("What was the name of the first street that you lived on?"),
    "QUESTION_FIRST_SCHOOL": _l("What was the name of your first school?"),
    "QUESTION_FIRST_JOB": _l("Where was your first job?"),
    "QUESTION_BEST_TEACHER": _l("What was the name of the teacher that you liked best?"),
    "QUESTION_GRANDMOTHERS_TOWN": _l("In what town did your grandmother live?"),
    "QUESTION_FIRST_DISH": _l("What was the first dish that you learned to cook?"),
    "QUESTION_CHILDHOOD_DREAM": _l("What did you want to be when you were a child?"),
    "QUESTION_FIRST_TRIP": _l("Where did you go on your first long trip?"),
    "QUESTIONS_NEEDED": _l("Choose %(needed)s different questions, and answer each."),
    "ANSWER_TOO_SHORT": _l("This answer is too short. It needs %(shortest)s letters or more."),
    "ANSWER_TOO_LONG": _l(
        "This answer is too long. It may have %(longest)s letters and spaces at most."
    ),
    "ANSWERS_ALIKE": _l("Two of your answers are the same. Give each question its own answer."),
    "ANSWER_WRONG": _l("This is not the answer that we have. Tries left: %(tries_left)s."),
    "QUESTION_CLOSED": _l(
        "That was not the answer either, so no code can be sent first. "
        "Give another proof, or call the service desk."
    ),
    "QUESTION_FIRST": _l("First answer your security question."),
    "CODE_FIRST": _l("First give a code that we send you, or one from your recovery kit."),
    "RECOVERY_CLOSED": _l(
        "There were too many wrong tries. Start again later, or call the service desk."
    ),
    "PROOFS_MISSING": _l("Two proofs are needed first. Please go back to the start."),
    "LINK_UNKNOWN": _l(
        "This link does not work any more. It was used, it is too old, or a newer one was sent."
    ),
    "NOTICE_ACCOUNT_RECOVERED": _l("Your account was opened again with two proofs."),
}
