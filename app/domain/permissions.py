"""Who may do what: the one table from role to permissions, and who may sign for a recipient."""

from collections.abc import Collection, Mapping
from enum import StrEnum


class Role(StrEnum):
    """What an account is in the portal; a person who is two of these has two accounts."""

    PROVIDER = "provider"
    RECIPIENT = "recipient"
    SIGNATORY = "signatory"
    COUNTY_WORKER = "county_worker"
    SERVICE_DESK = "service_desk"


class Permission(StrEnum):
    """An act that a route or a use-case asks for."""

    RECORD_VISIT = "record_visit"
    KEEP_TIMESHEET = "keep_timesheet"
    SEE_OWN_PAY = "see_own_pay"
    DISPUTE_PAYMENT = "dispute_payment"
    APPROVE_TIMESHEET = "approve_timesheet"
    SEE_CASELOAD = "see_caseload"
    RELEASE_HOLD = "release_hold"
    VOID_TIMESHEET = "void_timesheet"
    SETTLE_DISPUTE = "settle_dispute"
    MAKE_CLAIM = "make_claim"  # for travel time or sick leave
    REFUSE_CLAIM = "refuse_claim"
    ANSWER_HELP_REQUEST = "answer_help_request"
    WEIGH_VISIT = "weigh_visit"  # what was noticed about one; it changes no pay
    FIND_ACCOUNT = "find_account"
    UNLOCK_ACCOUNT = "unlock_account"
    SEND_RESET = "send_reset"
    THAW_ACCOUNT = "thaw_account"
    CORRECT_EMAIL = "correct_email"  # to ask for it; another agent agrees
    NOTE_ON_ACCOUNT = "note_on_account"
    MANAGE_OWN_ACCOUNT = "manage_own_account"
    SEE_OWN_RECORDS = "see_own_records"  # receipts, and every place that is on record
    READ_NOTES = "read_notes"  # and delete: one's own, or any about whom one signs for
    WRITE_NOTE = "write_note"
    ALLOW_NOTES = "allow_notes"  # only the recipient's own word lets others write about her
    STOP_NOTES = "stop_notes"


PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.PROVIDER: frozenset(
        {
            Permission.RECORD_VISIT,
            Permission.KEEP_TIMESHEET,
            Permission.SEE_OWN_PAY,
            Permission.DISPUTE_PAYMENT,
            Permission.MAKE_CLAIM,
            Permission.SEE_OWN_RECORDS,
            Permission.READ_NOTES,
            Permission.WRITE_NOTE,
            Permission.MANAGE_OWN_ACCOUNT,
        }
    ),
    Role.RECIPIENT: frozenset(
        {
            Permission.APPROVE_TIMESHEET,
            Permission.SEE_OWN_RECORDS,
            Permission.READ_NOTES,
            Permission.ALLOW_NOTES,
            Permission.STOP_NOTES,
            Permission.MANAGE_OWN_ACCOUNT,
        }
    ),
    Role.SIGNATORY: frozenset(
        {
            Permission.APPROVE_TIMESHEET,
            Permission.SEE_OWN_RECORDS,
            Permission.READ_NOTES,
            Permission.STOP_NOTES,
            Permission.MANAGE_OWN_ACCOUNT,
        }
    ),
    Role.COUNTY_WORKER: frozenset(
        {
            Permission.SEE_CASELOAD,
            Permission.RELEASE_HOLD,
            Permission.VOID_TIMESHEET,
            Permission.SETTLE_DISPUTE,
            Permission.REFUSE_CLAIM,
            Permission.ANSWER_HELP_REQUEST,
            Permission.WEIGH_VISIT,
            Permission.MANAGE_OWN_ACCOUNT,
        }
    ),
    Role.SERVICE_DESK: frozenset(
        {
            Permission.FIND_ACCOUNT,
            Permission.UNLOCK_ACCOUNT,
            Permission.SEND_RESET,
            Permission.THAW_ACCOUNT,
            Permission.CORRECT_EMAIL,
            Permission.NOTE_ON_ACCOUNT,
            Permission.MANAGE_OWN_ACCOUNT,
        }
    ),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether an account of this role may do such acts at all; on whose case is asked separately."""
    return permission in PERMISSIONS[role]


def may_sign_for(
    signer: int,
    *,
    recipient: int,
    signatories: Collection[int],
    providers: Collection[int],
) -> bool:
    """Whether a person may sign a recipient's timesheets; all arguments are person ids.

    The recipient may, and whom she named as signatory (SOC 839), unless that person is also a
    provider of hers: `providers` are all who are or were assigned to her. Nobody approves hours of
    a household that pays them (decision 7).

    >>> armen, nune, maria = 1, 2, 3
    >>> may_sign_for(armen, recipient=nune, signatories={armen}, providers={maria})
    True
    >>> may_sign_for(maria, recipient=nune, signatories={armen, maria}, providers={maria})
    False
    """
    if signer in providers:
        return False
    return signer == recipient or signer in signatories
