"""The rule pack `dues`: of one place, or of every jurisdiction of a list."""

from collections.abc import Sequence
from datetime import date

from pydantic import ValidationError

from app.core.jurisdictions import Jurisdiction
from app.core.work import Work
from app.divisions import queries as divisions
from app.dues import rules
from app.dues.errors import DuesPackInvalid
from app.dues.schemas import DuesContent
from app.reference import queries as reference
from app.reference.rules import RulePack, overlays

KIND = "dues"


async def pack_of(work: Work, path: Sequence[str], on: date) -> rules.DuesPack:
    """The nearest pack along a path of divisions on a day. Raises `DuesPackInvalid`."""
    pack = await reference.pack_for(work, KIND, path, on)
    if pack is None:
        raise DuesPackInvalid(pack=KIND, problem="none in force")
    return _plain(pack)


async def arrears_limits(work: Work, on: date) -> list[Jurisdiction[tuple[int, int]]]:
    """After how many months a report and a proposal follow: the nation first, the deepest jurisdiction
    last."""
    published = await reference.every_pack(work, KIND, on)
    codes = sorted({pack.jurisdiction for pack in published if pack.jurisdiction is not None})
    paths = await divisions.paths(work, codes, on) if codes else {}
    found = []
    for code in (None, *sorted(codes, key=lambda c: len(paths.get(c, ())))):
        held = overlays(published, paths.get(code, (code,)) if code else (), on)
        if held:
            pack = _plain(held[-1])
            found.append(Jurisdiction(code, (pack.report_after, pack.proposal_after)))
    return found


def _plain(pack: RulePack) -> rules.DuesPack:
    try:
        return DuesContent.model_validate(pack.content).plain(pack.id)
    except ValidationError as error:
        first = error.errors()[0]
        problem = f"{'/'.join(str(part) for part in first['loc'])}: {first['type']}"
        raise DuesPackInvalid(pack=pack.code, problem=problem) from None
