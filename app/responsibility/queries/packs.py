"""The rule packs of responsibility that are in force today."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Date, Text, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.core.work import Work
from app.responsibility import rules
from app.responsibility.errors import RulePackInvalid
from app.responsibility.queries.tables import division_closure, rule_packs
from app.responsibility.rules import RulePack
from app.responsibility.schemas import ResponsibilityPack

KIND = "responsibility"


def roles_of(rule: rules.Rule) -> Iterable[str]:
    return (role for target in (*rule.lead, *rule.joint, *rule.guidance) for role in target.roles)


async def packs_above(work: Work, codes: Sequence[str]) -> dict[str | None, RulePack]:
    """The packs in force today, of the nation and of every division above these."""
    above = (
        select(division_closure.c.ancestor_code)
        .where(
            division_closure.c.descendant_code == func.any(list(codes)),
            division_closure.c.valid.op("@>")(literal(work.today, Date())),
        )
        .distinct()
    )
    p = rule_packs
    rows = await work.execute(
        select(p.c.id, p.c.code, p.c.jurisdiction_code, cast(p.c.content, Text()).label("content"))
        .ext(distinct_on(p.c.jurisdiction_code))
        .where(
            p.c.kind == KIND,
            p.c.state == "published",
            p.c.effective_on <= work.today,
            or_(p.c.jurisdiction_code.is_(None), p.c.jurisdiction_code.in_(above)),
        )
        .order_by(p.c.jurisdiction_code, p.c.effective_on.desc(), p.c.published_at.desc(), p.c.id.desc())
    )
    return {row.jurisdiction_code: _parsed(row.id, row.code, row.content) for row in rows}


@lru_cache(maxsize=256)
def _parsed(pack_id: UUID, code: str, content: str) -> RulePack:
    """A published pack as rules. Raises `RulePackInvalid` for one outside the vocabulary."""
    try:
        pack = ResponsibilityPack.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        problem = f"{'/'.join(str(part) for part in first['loc'])}: {first['type']}"
        raise RulePackInvalid(pack=code, problem=problem) from None
    return pack.plain(pack_id)
