"""What is wrong with which bodies today, one statement for each kind of warning, over the whole ledger
or some bodies of it.

Since when is read from the ledgers, never from when somebody looked: a term that ran out warns since the day
it was over; a missing secretary since the last one's post ended (since the foundation if there never was
one); missing meetings since the months after the last one had passed (after the foundation if there was
none); a number of members or organizations since the last day on which it went past its limit, worked out
from every coming and going, or since the foundation if it was never in order."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Date, Integer, TextualSelect, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import Boolean, Text

from app.warnings.rules import WarningKind

TODAY: Final = "timezone('Asia/Shanghai', now())::date"

# Each active body with the rule of its nearest jurisdiction.
_BODIES: Final = f"""
WITH packs AS (
    SELECT * FROM jsonb_to_recordset(:packs) AS p(jurisdiction_code text, rule_pack_id uuid, bodies text[],
        threshold int, source text, verified boolean)
), looked AS (
    SELECT b.id, b.division_code, b.founded_on, b.formation, k.threshold, k.rule_pack_id, k.source, k.verified
    FROM party_organizations b CROSS JOIN LATERAL (
        SELECT p.* FROM packs p LEFT JOIN division_closure c ON c.ancestor_code = p.jurisdiction_code
            AND c.descendant_code = b.division_code AND c.valid @> {TODAY}
        WHERE p.jurisdiction_code IS NULL OR c.ancestor_code IS NOT NULL
        ORDER BY c.depth NULLS LAST LIMIT 1
    ) k
    WHERE b.status = 'active' AND b.kind = ANY (k.bodies) AND (:everywhere OR b.id = ANY (:bodies))
)"""  # noqa: S608 (constants only)
_ROW: Final = "k.id, k.division_code, k.threshold, k.rule_pack_id, k.source, k.verified"

_TERM: Final = f"""{_BODIES}
SELECT {_ROW}, t.ends_on AS since_on, NULL::int AS count, t.ends_on AS last_on, t.id AS record_id
FROM looked k JOIN party_terms t ON t.party_organization_id = k.id AND upper_inf(t.valid)
WHERE t.ends_on <= {TODAY}"""  # noqa: S608 (constants only)

_SECRETARY: Final = f"""{_BODIES}
SELECT {_ROW}, coalesce(l.until, k.founded_on) AS since_on, NULL::int AS count, l.until AS last_on,
    l.id AS record_id
FROM looked k LEFT JOIN LATERAL (
    SELECT p.id, upper(p.valid) AS until FROM party_posts p
    WHERE p.party_organization_id = k.id AND p.role = 'secretary' AND NOT p.withdrawn
        AND upper(p.valid) <= {TODAY}
    ORDER BY upper(p.valid) DESC LIMIT 1
) l ON true
WHERE NOT EXISTS (
    SELECT FROM party_posts p WHERE p.party_organization_id = k.id AND p.role = 'secretary'
        AND NOT p.withdrawn AND p.valid @> {TODAY}
)"""  # noqa: S608 (constants only)

_MEETING: Final = f"""{_BODIES}
SELECT {_ROW}, (coalesce(l.held_on, k.founded_on) + make_interval(months => k.threshold))::date AS since_on,
    NULL::int AS count, l.held_on AS last_on, l.id AS record_id
FROM looked k LEFT JOIN LATERAL (
    SELECT m.id, m.held_on FROM meetings m
    WHERE m.party_organization_id = k.id AND m.state = 'held' AND m.held_on <= {TODAY}
    ORDER BY m.held_on DESC LIMIT 1
) l ON true
WHERE coalesce(l.held_on, k.founded_on) + make_interval(months => k.threshold) <= {TODAY}
"""  # noqa: S608 (constants only)

# Who or what belongs to a body, and when: one line per member or organization and stretch of time.
_MEMBERS: Final = """
SELECT a.party_organization_id AS id, a.valid * s.valid AS valid
FROM member_affiliations a JOIN member_statuses s ON s.member_id = a.member_id AND s.valid && a.valid
WHERE s.status IN {statuses} AND (:everywhere OR a.party_organization_id = ANY (:bodies))"""
_COVERED: Final = """
SELECT c.party_organization_id AS id, c.valid FROM party_organization_covers c
WHERE upper_inf(c.recorded) AND (:everywhere OR c.party_organization_id = ANY (:bodies))"""


def _numbered(spans: str, wrong: str, right: str, also: str = "true") -> str:
    """Bodies whose number is wrong today, since it last went wrong."""
    return f"""{_BODIES}, spans AS ({spans}
), numbers AS (
    SELECT id, count(*)::int AS count FROM spans WHERE valid @> {TODAY} GROUP BY id
), failing AS (
    SELECT k.*, coalesce(n.count, 0) AS count FROM looked k LEFT JOIN numbers n ON n.id = k.id
    WHERE coalesce(n.count, 0) {wrong} k.threshold AND {also}
), changes AS (
    SELECT s.id, lower(s.valid) AS day, 1 AS by FROM spans s JOIN failing f ON f.id = s.id
    UNION ALL
    SELECT s.id, upper(s.valid), -1 FROM spans s JOIN failing f ON f.id = s.id WHERE NOT upper_inf(s.valid)
), daily AS (
    SELECT id, day, sum(by) AS by FROM changes WHERE day <= {TODAY} GROUP BY id, day
), levels AS (
    SELECT id, day, by, sum(by) OVER (PARTITION BY id ORDER BY day) AS level FROM daily
), turns AS (
    SELECT l.id, max(l.day) AS day FROM levels l JOIN failing f ON f.id = l.id
    WHERE l.level {wrong} f.threshold AND l.level - l.by {right} f.threshold GROUP BY l.id
)
SELECT {_ROW}, coalesce(t.day, k.founded_on) AS since_on, k.count, NULL::date AS last_on,
    NULL::uuid AS record_id
FROM failing k LEFT JOIN turns t ON t.id = k.id"""  # noqa: S608 (constants only)


_STATEMENTS: Final[Mapping[WarningKind, str]] = {
    WarningKind.TERM_EXPIRED: _TERM,
    WarningKind.NO_SECRETARY: _SECRETARY,
    WarningKind.TOO_FEW_FULL_MEMBERS: _numbered(_MEMBERS.format(statuses="('full')"), "<", ">="),
    WarningKind.NO_MEETING: _MEETING,
    WarningKind.OVERSIZE_JOINT_BRANCH: _numbered(_COVERED, ">", "<=", "k.formation = 'joint'"),
    WarningKind.OVERSIZE_BRANCH: _numbered(_MEMBERS.format(statuses="('full', 'probationary')"), ">", "<="),
}


def found(
    kind: WarningKind, packs: Sequence[Mapping[str, Any]], bodies: Sequence[Any] | None
) -> TextualSelect:
    """The bodies that a kind of warning is true of today: all of them, or of these."""
    statement = text(_STATEMENTS[kind]).bindparams(
        bindparam("packs", list(packs), JSONB()),
        bindparam("everywhere", bodies is None, Boolean()),
        bindparam("bodies", list(bodies or ()), ARRAY(Uuid())),
    )
    return statement.columns(
        id=Uuid(),
        division_code=Text(),
        threshold=Integer(),
        rule_pack_id=Uuid(),
        source=Text(),
        verified=Boolean(),
        since_on=Date(),
        count=Integer(),
        last_on=Date(),
        record_id=Uuid(),
    )
