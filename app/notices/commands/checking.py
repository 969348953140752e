"""What several verbs ask before they change anything."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.core.access import Permission
from app.core.errors import Fault
from app.core.work import SHANGHAI, Work
from app.files import commands as files
from app.files.errors import FileNotFound
from app.notices import errors, queries, rules
from app.notices.models import Addressee, Notice
from app.notices.rules import AddresseeKind, NoticeKind, NoticeState, Wrong
from app.notices.schemas import AddresseeGiven, NoticeEvidence
from app.reference import queries as reference
from app.reference.rules import Calendar, add_working_days


def refuse(wrongs: Iterable[Wrong]) -> None:
    """Refuse with every reason at once."""
    if faults := [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]:
        raise errors.NoticeInvalid(errors=faults)


def missing(pointer: str, zh: str, en: str) -> Wrong:
    """A field that names nothing that the caller can see."""
    words = (f"没有这个{zh}, 或不在您的范围内", f"there is no such {en}, or it is outside your scope")
    return Wrong(pointer, "not_found", words)


def no_secrets(*texts: str | None, secrecy: str | None = None) -> None:
    """Refuse what bears a mark of secrecy, by its field or in its text. Raises `SecretsNotHeld`."""
    if (secrecy is not None and secrecy not in rules.PUBLIC) or rules.is_marked(texts):
        raise errors.SecretsNotHeld


def at_end_of(day: date) -> datetime:
    """The instant from which an answer is late: midnight after the day, in Asia/Shanghai."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI)


def in_state(notice: Notice, *states: NoticeState) -> None:
    """Raises `NoticeStateForbids`."""
    if notice.state not in states:
        raise errors.NoticeStateForbids(reasons=[{"state": notice.state}])


async def due(work: Work, notice: Notice, since: date) -> tuple[date | None, bool]:
    """The day by which a notice issued on a day is to be answered, and whether that is provisional."""
    if notice.answer_days is not None:
        counted = add_working_days(since, notice.answer_days, await calendar(work))
        return counted.due_on, counted.provisional
    return notice.due_on, False


async def calendar(work: Work) -> Calendar:
    """The working days as they are known now."""
    return await reference.calendar(work)


async def targets(
    work: Work, given: Sequence[AddresseeGiven], permission: Permission
) -> tuple[list[Addressee], list[Wrong]]:
    """Addressees to be, each looked up in the caller's scope, and everything that is wrong with them."""
    wrongs: list[Wrong] = []
    asked: list[tuple[int, AddresseeKind, UUID]] = []
    for place, one in enumerate(given):
        named = [(kind, id_) for kind in AddresseeKind if (id_ := getattr(one, _FIELDS[kind])) is not None]
        if len(named) != 1:
            words = ("每个对象须且只能指明一个标识", "name exactly one id for each addressee")
            wrongs.append(Wrong(f"/addressees/{place}", "one_target", words))
            continue
        if (named[0][0] is AddresseeKind.USER) != (one.post_title is not None):
            words = ("按账号发送须写明职务, 其他对象不写", "a user is addressed by a post, nobody else is")
            wrongs.append(Wrong(f"/addressees/{place}/post_title", "post_title", words))
            continue
        asked.append((place, *named[0]))
    if len({id_ for _, _, id_ in asked}) < len(asked):
        raise errors.AddressedTwice
    scope = work.actor.scope(permission)
    made = []
    for kind in AddresseeKind:
        places = {id_: place for place, other, id_ in asked if other is kind}
        if not places:
            continue
        if kind is AddresseeKind.POST:
            await work.admit(scope)
        found = await queries.targets(work, kind, list(places), scope)
        for id_, place in places.items():
            target = found.get(id_)
            if target is None:
                pointer = f"/addressees/{place}/{_FIELDS[kind]}"
                wrongs.append(missing(pointer, "对象", "addressee"))
                continue
            one = given[place]
            made.append(
                Addressee(
                    kind=kind,
                    name=queries.target_name(target, kind, one.post_title),
                    division_code=target.division_code,
                    body_id=target.body_id,
                    state=rules.AddresseeState.DRAFT,
                    round=1,
                    provisional=False,
                    **{_FIELDS[kind]: id_},
                )
            )
    return made, wrongs


_FIELDS = {
    AddresseeKind.PARTY_ORGANIZATION: "party_organization_id",
    AddresseeKind.ORGANIZATION: "organization_id",
    AddresseeKind.AUTHORITY: "authority_id",
    AddresseeKind.POST: "party_post_id",
    AddresseeKind.USER: "user_id",
}


def wrong_with_terms(
    work: Work,
    kind: NoticeKind,
    *,
    talk_level: str | None,
    reply_required: bool,
    answer_days: int | None,
    due_on: date | None,
) -> list[Wrong]:
    """What is wrong with the level of a talk and with the deadline."""
    wrongs = []
    if talk_level is not None and kind not in rules.TALKS:
        words = ("只有约谈、谈话提醒有层级", "only a talk has a level")
        wrongs.append(Wrong("/talk_level", "talks_only", words))
    if not reply_required and (answer_days is not None or due_on is not None):
        words = ("不要求答复的文件没有期限", "what asks for no reply has no deadline")
        wrongs.append(Wrong("/reply_required", "no_deadline", words))
    if answer_days is not None and due_on is not None:
        words = ("工作日数和截止日期二者选一", "give working days or a day, not both")
        wrongs.append(Wrong("/due_on", "one_deadline", words))
    if reply_required and answer_days is None and due_on is None:
        words = ("要求答复的文件须有期限", "what asks for a reply has a deadline")
        wrongs.append(Wrong("/answer_days", "deadline_required", words))
    if due_on is not None and due_on < work.today:
        words = ("截止日期已过", "this day is over")
        wrongs.append(Wrong("/due_on", "too_early", words))
    return wrongs


async def evidence(work: Work, given: Sequence[NoticeEvidence]) -> list[dict[str, Any]]:
    """Evidence as it is kept: a file that the caller may read with its name and digest, or a paper."""
    kept: list[dict[str, Any]] = []
    wrongs = []
    for place, one in enumerate(given):
        if (one.file_id is None) == (one.document is None):
            words = ("文件和书面材料二者选一", "name a file or a paper, not both")
            wrongs.append(Wrong(f"/evidence/{place}", "one_evidence", words))
            continue
        line: dict[str, Any] = {"file_id": None, "name": None, "sha256": None, "document": one.document}
        if one.file_id is not None:
            try:
                card = await files.card(work, one.file_id)
            except FileNotFound:
                wrongs.append(missing(f"/evidence/{place}/file_id", "文件", "file"))
                continue
            line |= {"file_id": str(card.id), "name": card.name, "sha256": card.sha256}
        no_secrets(line["name"], one.document)
        kept.append(line)
    refuse(wrongs)
    return kept
