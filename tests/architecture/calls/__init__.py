"""The calls of every operation, by slice."""

from tests.architecture.calls import (  # noqa: F401 (each enters its calls)
    agreements,
    campaigns,
    census,
    coverage,
    cross_appointments,
    designations,
    development,
    divisions,
    dues,
    establishments,
    exports,
    facilities,
    files,
    honours,
    identity,
    instructors,
    intake,
    meetings,
    members,
    notices,
    opinions,
    organizations,
    party_organizations,
    posts,
    rankings,
    records,
    reference,
    reorganizations,
    responsibility,
    rosters,
    rounds,
    scoring,
    sign_on,
    supervision,
    warnings,
)
from tests.architecture.calls.registry import CALLS, Call
from tests.architecture.calls.world import Operation, World, operations, role_with, role_without

__all__ = ["CALLS", "Call", "Operation", "World", "operations", "role_with", "role_without"]
