"""What is asked of cases, the funnel and quotas. Row-level security holds below every statement here."""

from app.development.queries.cases import (
    READ,
    Loaded,
    Person,
    actions,
    load,
    members_seen,
    page,
    seen,
    visible,
)
from app.development.queries.funnel import funnel
from app.development.queries.quotas import (
    page_quotas,
    quota_for_update,
    quotas_above,
    read_quota,
    taken_below,
)
from app.development.queries.sight import body_above, body_in_scope, line_above

__all__ = [
    "READ",
    "Loaded",
    "Person",
    "actions",
    "body_above",
    "body_in_scope",
    "funnel",
    "line_above",
    "load",
    "members_seen",
    "page",
    "page_quotas",
    "quota_for_update",
    "quotas_above",
    "read_quota",
    "seen",
    "taken_below",
    "visible",
]
