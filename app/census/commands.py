"""Open a round, give verdicts, enter finds, close with a frozen report. The ledger is changed by its own
verbs."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from app.census import errors, queries
from app.census.models import Line, Round
from app.census.rules import VERDICT_WORDS, RoundState, Verdict, Wrong
from app.census.schemas import (
    CensusClose,
    CensusClosed,
    CensusFind,
    CensusFound,
    CensusOpen,
    CensusOpened,
    CensusVerdicts,
    CensusVerdictsGiven,
)
from app.core.access import Permission
from app.core.crypto import mask_name
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work

_RECORD, _DECIDE = Permission.MEMBER_RECORD, Permission.MEMBER_DECIDE
SECONDS = 30


def _refuse(wrongs: Iterable[Wrong]) -> None:
    faults = [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]
    if faults:
        raise errors.CensusInvalid(errors=faults)


async def open_round(work: Work, plan: CensusOpen) -> UUID:
    """Open a round over a division or a body of the scope: the roll is frozen from the ledger.

    Raises `CensusInvalid`."""
    as_of = plan.as_of or work.today
    if as_of > work.today:
        _refuse([Wrong("/as_of", "in_future", ("不能晚于今天", "lies in the future"))])
    if (plan.division_code is None) == (plan.party_organization_id is None):
        words = ("请给出行政区划或党组织, 二者选一", "give a division or a body, not both")
        _refuse([Wrong("/division_code", "one_range", words)])
    scope = work.actor.scope(_DECIDE)
    division = await queries.division_of(work, plan.division_code, plan.party_organization_id, scope)
    if division is None:
        at = "/division_code" if plan.party_organization_id is None else "/party_organization_id"
        words = ("不存在, 或不在您的范围内", "there is no such thing in your scope")
        _refuse([Wrong(at, "not_found", words)])
        raise errors.CensusInvalid
    round_ = Round(
        id=uuid7(),
        name=plan.name,
        division_code=division,
        party_organization_id=plan.party_organization_id,
        as_of=as_of,
        document=plan.document,
        state=RoundState.OPEN,
        roll_count=0,
    )
    work.session.add(round_)
    await work.session.flush()
    async with work.unhurried(SECONDS):
        round_.roll_count = await queries.freeze_roll(work, round_)
    await work.session.flush()
    work.announce(CensusOpened(subject=round_.id, division_code=division, roll=round_.roll_count))
    return round_.id


async def give_verdicts(work: Work, round_id: UUID, given: CensusVerdicts) -> None:
    """Give verdicts line by line, then confirm the rest of a branch. Others may do so at the same time: the
    round's version stays. Raises `CensusRoundNotFound`, `CensusRoundClosed`, `CensusInvalid`."""
    round_ = await _open(work, round_id)
    lines = await queries.lines_for_update(work, round_id, [entry.line_id for entry in given.verdicts])
    unknown = ("没有这一行, 或不在您的范围内", "there is no such line on the roll in your scope")
    finds = ("此结论用于清查发现的人员", "this verdict is for people who were found")
    wrongs = [
        Wrong(f"/verdicts/{number}/line_id", "not_found", unknown)
        for number, entry in enumerate(given.verdicts)
        if entry.line_id not in lines
    ]
    wrongs += [
        Wrong(f"/verdicts/{number}/verdict", "for_finds", finds)
        for number, entry in enumerate(given.verdicts)
        if entry.verdict is Verdict.NOT_IN_LEDGER
    ]
    if not given.verdicts and given.confirm_rest_of is None:
        wrongs.append(Wrong("/verdicts", "nothing_given", ("没有给出结论", "no verdict is given")))
    _refuse(wrongs)
    for entry in given.verdicts:
        lines[entry.line_id].verdict, lines[entry.line_id].verdict_on = entry.verdict, work.today
    await work.session.flush()
    rest = (
        await queries.rest_for_update(work, round_id, given.confirm_rest_of) if given.confirm_rest_of else []
    )
    for line in rest:
        line.verdict, line.verdict_on = Verdict.CONFIRMED, work.today
    await work.session.flush()
    work.announce(
        CensusVerdictsGiven(
            subject=round_.id,
            division_code=round_.division_code,
            count=len(given.verdicts) + len(rest),
        )
    )


async def _open(work: Work, round_id: UUID) -> Round:
    round_ = await queries.round_for_update(work, round_id, _RECORD, share=True)
    work.expect(round_)
    if round_.state != RoundState.OPEN:
        raise errors.CensusRoundClosed
    return round_


async def record_find(work: Work, round_id: UUID, find: CensusFind) -> UUID:
    """Enter somebody who is not in the ledger, sealed. Raises `CensusFindKnown`."""
    round_ = await _open(work, round_id)
    division = await queries.body_in_round(work, round_, find.party_organization_id, work.today)
    if division is None:
        words = ("没有这个党组织, 或不在本轮清查和您的范围内", "no such body in this round and your scope")
        _refuse([Wrong("/party_organization_id", "not_found", words)])
        raise errors.CensusInvalid
    line = Line(
        id=uuid7(),
        round_id=round_.id,
        party_organization_id=find.party_organization_id,
        division_code=division,
        name_mask=mask_name(find.name),
        verdict=Verdict.NOT_IN_LEDGER,
        verdict_on=work.today,
    )
    line.name_cipher = work.crypto.encrypt(find.name, table="census_lines", column="name_cipher", row=line.id)
    if find.id_number is not None:
        line.id_number_cipher = work.crypto.encrypt(
            find.id_number, table="census_lines", column="id_number_cipher", row=line.id
        )
        index = work.crypto.index("persons.id_number", find.id_number)
        line.id_number_blind, line.id_number_next_blind = index.stored, index.beside
    work.session.add(line)
    await work.session.flush()
    work.announce(
        CensusFound(
            subject=round_.id,
            division_code=division,
            line_id=line.id,
            party_organization_id=find.party_organization_id,
        )
    )
    return line.id


async def close(work: Work, round_id: UUID, order: CensusClose) -> None:
    """Close a round when every line has its verdict: the report is frozen. Differences go on being settled.

    Raises `CensusUnfinished`, `CensusRoundClosed`."""
    round_ = await queries.round_for_update(work, round_id, _DECIDE)
    work.expect(round_)
    if round_.state != RoundState.OPEN:
        raise errors.CensusRoundClosed
    counted = await queries.counted(work, round_id)
    given = sum(n for _, verdict, n in counted if verdict not in {None, Verdict.NOT_IN_LEDGER})
    if missing := round_.roll_count - given:  # also lines that this caller cannot see
        raise errors.CensusUnfinished(count=missing)
    totals: Counter[str] = Counter()
    for _, verdict, count in counted:
        totals[str(verdict)] += count
    labels = {verdict: {"zh": zh, "en": en} for verdict, (zh, en) in VERDICT_WORDS.items()}
    round_.report = {
        "verdicts": [{"verdict": v.value, "label": labels[v], "count": totals[v.value]} for v in Verdict],
        "bodies": [
            {"party_organization_id": str(body), "verdict": verdict, "count": count}
            for body, verdict, count in counted
        ],
    }
    round_.state, round_.closed_on = RoundState.CLOSED, work.today
    round_.closed_document = order.document
    await work.session.flush()
    work.announce(CensusClosed(subject=round_.id, division_code=round_.division_code, counts=dict(totals)))
