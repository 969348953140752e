"""Make a ranking, and see whether the same question gives the same bytes again."""

import hashlib
from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import UUID

import orjson

from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.rankings import errors, queries, rules
from app.rankings.commands.composing import compose, key_of
from app.rankings.models import Ranking
from app.rankings.queries import Asked
from app.rankings.rules import RankedKind
from app.rankings.schemas import (
    AuthorityRole,
    RankingMade,
    RankingMake,
    RankingSubject,
    RankingVerification,
    RankingVerified,
)
from app.reference import queries as reference
from app.reference.rules import RulePack

KIND = "ranking"


async def make(work: Work, given: RankingMake) -> UUID:
    """Compare, freeze and hash. Raises `RankingSubjectNotFound`, `RankingInvalid`, `RankingMadeAlready`."""
    asked, name = await _asked(work, given)
    pack = await _pack(work, given.scheme, asked)
    same = {
        "ranked": asked.ranked,
        "division_code": asked.division_code,
        "party_organization_id": asked.party_organization_id,
        "authority_role": asked.authority_role,
        "scheme": pack.code,
    }
    before = await queries.previous(work, same, asked.as_of)
    content = await compose(work, asked, pack, before)
    row = Ranking(
        **same,
        id=uuid7(),
        title=given.title or rules.title(asked.ranked, name, asked.as_of.year, asked.as_of.month),
        rule_pack_id=pack.id,
        as_of=asked.as_of,
        known_at=asked.known_at,
        previous_id=None if before is None else before.id,
        content=content,
        sha256=digest(content),
        made_by=work.actor.id,
    )
    work.session.add(row)
    await work.session.flush()
    work.announce(
        RankingMade(
            subject=row.id,
            division_code=row.division_code,
            ranked=asked.ranked,
            scheme=pack.code,
            as_of=row.as_of,
            sha256=row.sha256,
        )
    )
    return row.id


async def verify(work: Work, ranking_id: UUID) -> RankingVerification:
    """Ask the same again, of the same day, scheme and knowledge. Raises `RankingNotFound`."""
    row = await queries.get(work, ranking_id, Permission.RANKING_MAKE)
    asked = Asked(
        RankedKind(row.ranked),
        row.division_code,
        row.party_organization_id,
        row.authority_role,
        row.as_of,
        row.known_at.astimezone(UTC),
    )
    packs = await reference.every_pack(work, KIND, row.as_of)
    pack = next(pack for pack in packs if pack.id == row.rule_pack_id)
    before = None if row.previous_id is None else await queries.get(work, row.previous_id)
    content = await compose(work, asked, pack, before)
    told = {key_of(each["subject"]): each for each in row.content["rows"]}
    now = {key_of(each["subject"]): each for each in content["rows"]}
    differing = [
        (now.get(key) or told[key])["subject"]
        for key in sorted(told.keys() | now.keys())
        if told.get(key) != now.get(key)
    ]
    same = digest(content) == row.sha256
    work.announce(RankingVerified(subject=row.id, division_code=row.division_code, same=same))
    return RankingVerification(
        same=same,
        sha256=row.sha256,
        recomputed=digest(content),
        differing=[RankingSubject.model_validate(each) for each in differing],
    )


def digest(content: Mapping[str, Any]) -> str:
    """The hash of the canonical bytes: UTF-8 JSON, keys sorted, no space (cf. RFC 8785)."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def _asked(work: Work, given: RankingMake) -> tuple[Asked, str]:
    """The question with its defaults, and the name of whom it is about."""
    _check(work, given)
    known_at = (given.known_at or work.now).astimezone(UTC)
    as_of = given.as_of or work.today
    if given.ranked is RankedKind.BODIES:
        assert given.party_organization_id is not None  # noqa: S101 (checked)
        body = await queries.body_in_scope(work, given.party_organization_id)
        if body is None:
            raise errors.RankingSubjectNotFound
        asked = Asked(given.ranked, body[1], given.party_organization_id, None, as_of, known_at)
        return asked, body[0]
    assert given.division_code is not None  # noqa: S101 (checked)
    name = await queries.division_in_scope(work, given.division_code)
    if name is None:
        raise errors.RankingSubjectNotFound
    role = None
    if given.ranked is RankedKind.AUTHORITIES:
        role = str((given.authority_role or AuthorityRole.SUPERVISORY_UNIT).value)
    return Asked(given.ranked, given.division_code, None, role, as_of, known_at), name


def _check(work: Work, given: RankingMake) -> None:
    faults = []
    of_body = given.ranked is RankedKind.BODIES
    wanted = "party_organization_id" if of_body else "division_code"
    other = "division_code" if of_body else "party_organization_id"
    if getattr(given, wanted) is None:
        words = (f"须给出 {wanted}", f"give `{wanted}`")
        faults.append(Fault(f"/{wanted}", "missing", words))
    if getattr(given, other) is not None:
        faults.append(Fault(f"/{other}", "not_here", (f"不应给出 {other}", f"leave out `{other}`")))
    if given.authority_role is not None and given.ranked is not RankedKind.AUTHORITIES:
        words = ("只用于部门排名", "only where departments are compared")
        faults.append(Fault("/authority_role", "not_here", words))
    future = ("不能晚于今天", "lies in the future")
    if given.as_of is not None and given.as_of > work.today:
        faults.append(Fault("/as_of", "in_future", future))
    if given.known_at is not None and given.known_at > work.now:
        faults.append(Fault("/known_at", "in_future", future))
    if faults:
        raise errors.RankingInvalid(errors=faults)


async def _pack(work: Work, code: str, asked: Asked) -> RulePack:
    """The latest version of a scheme that holds that day, of the nation or of a place above the subject."""
    path = await queries.above(work, asked)
    packs = [p for p in await reference.published_packs(work, KIND, path, asked.as_of) if p.code == code]
    if not packs:
        words = ("没有适用于此的排名方案", "no such scheme holds there on that day")
        raise errors.RankingInvalid(errors=[Fault("/scheme", "not_found", words)])
    return max(packs, key=lambda pack: (pack.effective_on, pack.version))
