"""From which registration status each verb may be used by hand; registries state what they state."""

from collections.abc import Mapping
from typing import Final

from app.organizations.rules.terms import RegistrationStatus

S = RegistrationStatus

FROM: Final[Mapping[str, frozenset[RegistrationStatus]]] = {
    "deregister": frozenset({S.PREPARATORY, S.NORMAL, S.IN_LIQUIDATION, S.LICENSE_REVOKED, S.REVOKED}),
    "revoke": frozenset({S.PREPARATORY, S.NORMAL, S.IN_LIQUIDATION, S.LICENSE_REVOKED}),
    "revoke_license": frozenset({S.PREPARATORY, S.NORMAL, S.IN_LIQUIDATION}),
    "restore": frozenset({S.DEREGISTERED, S.REVOKED, S.LICENSE_REVOKED, S.SPLIT}),
    "merge": frozenset({S.NORMAL, S.IN_LIQUIDATION}),
    "undo_merge": frozenset({S.MERGED}),
    "split": frozenset({S.NORMAL, S.IN_LIQUIDATION}),
}
"""An organization whose licence or registration was revoked is still liquidated and then deregistered
(《社会组织登记管理条例》 practice: 吊销、撤销后应当清算并办理注销)."""


def may(verb: str, status: RegistrationStatus) -> bool:
    """Whether a verb fits a status."""
    return status in FROM[verb]
