"""Who may do what, and who may sign for a recipient."""

import pytest

from app.domain.permissions import PERMISSIONS, Permission, Role, may, may_sign_for

NUNE, ARMEN, MARIA, STRANGER = 1, 2, 3, 4


def test_every_role_has_its_permissions_and_every_permission_a_role() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert frozenset().union(*PERMISSIONS.values()) == set(Permission)


@pytest.mark.parametrize(
    ("role", "permission", "allowed"),
    [
        (Role.PROVIDER, Permission.RECORD_VISIT, True),
        (Role.PROVIDER, Permission.APPROVE_TIMESHEET, False),
        (Role.RECIPIENT, Permission.APPROVE_TIMESHEET, True),
        (Role.RECIPIENT, Permission.KEEP_TIMESHEET, False),
        (Role.SIGNATORY, Permission.APPROVE_TIMESHEET, True),
        (Role.COUNTY_WORKER, Permission.RELEASE_HOLD, True),
        (Role.COUNTY_WORKER, Permission.APPROVE_TIMESHEET, False),
        (Role.SERVICE_DESK, Permission.RELEASE_HOLD, False),
    ],
)
def test_roles_may_do_what_the_table_says(
    role: Role, permission: Permission, allowed: bool
) -> None:
    assert may(role, permission) is allowed


@pytest.mark.parametrize(
    ("signer", "allowed"), [(NUNE, True), (ARMEN, True), (MARIA, False), (STRANGER, False)]
)
def test_the_recipient_and_her_signatory_may_sign(signer: int, allowed: bool) -> None:
    assert may_sign_for(signer, recipient=NUNE, signatories={ARMEN}, providers={MARIA}) is allowed


def test_a_provider_never_signs_for_her_own_recipient_also_not_as_signatory() -> None:
    assert not may_sign_for(MARIA, recipient=NUNE, signatories={MARIA}, providers={MARIA})
