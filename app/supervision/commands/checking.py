"""What several verbs ask before they change anything."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.core.access import Permission
from app.core.errors import Fault
from app.core.work import Work
from app.files import commands as files
from app.files.errors import FileNotFound
from app.reference import queries as reference
from app.supervision import errors, queries, rules
from app.supervision.queries import Target
from app.supervision.rules import SupervisionPack, Wrong
from app.supervision.schemas import SupervisionEvidenceGiven

FIELDS = ("organization_id", "party_organization_id", "authority_id")


def refuse(wrongs: Iterable[Wrong]) -> None:
    """Refuse with every reason at once."""
    if faults := [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]:
        raise errors.SupervisionInvalid(errors=faults)


def missing(pointer: str, zh: str, en: str) -> Wrong:
    """A field that names nothing that the caller can see."""
    words = (f"没有这个{zh}, 或不在您的范围内", f"there is no such {en}, or it is outside your scope")
    return Wrong(pointer, "not_found", words)


def not_later(work: Work, given: date | None, pointer: str) -> tuple[date, list[Wrong]]:
    """The day of a verb: today unless given, never in the future."""
    on = given or work.today
    words = ("不能晚于今天", "lies in the future: give today or an earlier day")
    return on, [Wrong(pointer, "in_future", words)] if on > work.today else []


async def pack(work: Work, division_code: str) -> SupervisionPack:
    """The rule pack `supervision` of the nearest jurisdiction above a division today."""
    found = await reference.pack_at(work, "supervision", division_code, work.today)
    if found is None:
        raise LookupError("no published rule pack `supervision`")
    return rules.supervision_pack(found.content)


async def targets(
    work: Work, given: Sequence[Any], permission: Permission, pointer: str
) -> tuple[list[Target], list[Wrong]]:
    """Whom these name, each by exactly one id, in the caller's scope; and what is wrong with them."""
    wrongs: list[Wrong] = []
    found: dict[UUID, Target] = {}
    for field in FIELDS:
        ids = [getattr(one, field) for one in given if getattr(one, field) is not None]
        found |= await queries.targets(work, field, ids, permission)
    made = []
    for place, one in enumerate(given):
        at = pointer.format(place)
        named = {field: getattr(one, field) for field in FIELDS if getattr(one, field) is not None}
        if len(named) != 1:
            words = ("须且只能指明一个标识", "name exactly one id")
            wrongs.append(Wrong(at, "one_of", words))
            continue
        ((field, identifier),) = named.items()
        target = found.get(identifier)
        if target is None or target.field != field:
            wrongs.append(missing(f"{at}/{field}", "对象", "subject"))
            continue
        made.append(target)
    return made, wrongs


async def evidence(
    work: Work, given: Sequence[SupervisionEvidenceGiven], pointer: str = ""
) -> tuple[list[dict[str, Any]], list[Wrong]]:
    """Evidence as it is kept: a file that the caller may read with its name and digest, or a paper.

    The digest stays when the file itself is forgotten."""
    kept: list[dict[str, Any]] = []
    wrongs: list[Wrong] = []
    for place, one in enumerate(given):
        at = f"{pointer}/evidence/{place}"
        if (one.file_id is None) == (one.document is None):
            words = ("文件和书面材料二者选一", "name a file or a paper, not both")
            wrongs.append(Wrong(at, "one_of", words))
            continue
        line: dict[str, Any] = {"file_id": None, "name": None, "sha256": None, "document": one.document}
        if one.file_id is not None:
            try:
                card = await files.card(work, one.file_id)
            except FileNotFound:
                wrongs.append(missing(f"{at}/file_id", "文件", "file"))
                continue
            line |= {"file_id": str(card.id), "name": card.name, "sha256": card.sha256}
        kept.append(line)
    return kept, wrongs
