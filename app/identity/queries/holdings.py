"""What somebody holds: grants of one's own, and those that the rules of an identity provider give."""

from collections.abc import Iterable
from uuid import UUID

from app.core import access
from app.core.access import MACHINES, Role
from app.identity import rules

Parts = Iterable[tuple[str, str | None, str | None] | tuple[str, str | None, str | None, str]]


def added_up(kind: str, own: Parts | None, ruled: Parts | None) -> tuple[access.Grant, ...]:
    """The grants of a user and those that a provider's rules give.

    Where both would join roles that exclude each other the rules give nothing, and neither do rules for
    machines to people (GB/T 22239-2019 8.1.5: the three administrators are separate people)."""
    grants = tuple(_grant(*parts) for parts in own or ())
    given = tuple(_grant(*parts) for parts in ruled or ())
    given = tuple(g for g in given if rules.kind_fits(kind, machine_role=g.role in MACHINES))
    return grants + given if rules.one_group(g.role for g in grants + given) else grants


def _grant(
    role: str, division_code: str | None, party_organization_id: str | None, rule_id: str | None = None
) -> access.Grant:
    return access.Grant(
        Role(role),
        division_code,
        UUID(party_organization_id) if party_organization_id else None,
        UUID(rule_id) if rule_id else None,
    )
