"""A case as the rules see it: its pack, its facts, the body that approves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from app.core.access import Permission
from app.core.errors import Fault
from app.core.work import Work
from app.development import errors, queries, rules
from app.development.models import DevelopmentCase
from app.development.queries import Loaded
from app.development.rules import CaseState, Facts, Pack
from app.development.schemas import DevelopmentContent
from app.party_organizations.rules import BodyKind, Formation, Power, PowersPack
from app.party_organizations.schemas import PowersContent
from app.reference import queries as reference
from app.reference.rules import Calendar

RECORD, DECIDE = Permission.MEMBER_RECORD, Permission.MEMBER_DECIDE
_PACKS: dict[UUID, Pack] = {}
"""Published packs never change: each is read once."""


@dataclass(slots=True)
class Standing:
    """A case that was loaded, and what the rules are asked with."""

    loaded: Loaded
    pack: Pack
    facts: Facts
    approver_id: UUID | None
    approver_name: str | None
    powers: PowersPack | None

    @property
    def case(self) -> DevelopmentCase:
        return self.loaded.case

    @property
    def line(self) -> list[UUID]:
        """The branch and the bodies above it."""
        return [self.loaded.branch_id, *(UUID(body["id"]) for body in self.loaded.above)]


async def stand(
    work: Work, case_id: UUID, permission: Permission = Permission.MEMBER_READ, *, lock: bool = False
) -> Standing:
    """A case in the scope of a permission. Raises `DevelopmentCaseNotFound`."""
    await queries.seen(work, case_id, permission, lock=lock)
    loaded = await queries.load(work, case_id)
    pack = pack_of(loaded.pack)
    powers = await _powers(work, loaded)
    nearest = _nearest(loaded, powers)
    working = any(n.publicity_working_days or _counts_working_days(n) for n in pack.nodes)
    calendar = await reference.calendar(work) if working else Calendar()
    found = facts(work.today, loaded, calendar=calendar, approver=approver_of(powers, nearest))
    below = loaded.above[: loaded.above.index(nearest)] if nearest else []
    deliberates = any(_may(powers, body, Power.DELIBERATE_MEMBERS) for body in below)
    found = rules.with_facts(found, general_branch_between=deliberates)
    return Standing(
        loaded,
        pack,
        found,
        UUID(nearest["id"]) if nearest else None,
        nearest["name"] if nearest else None,
        powers,
    )


async def opened(work: Work, case_id: UUID, permission: Permission = RECORD) -> Standing:
    """An open case, locked, in the version that the caller read. Raises `CaseClosedAlready`."""
    standing = await stand(work, case_id, permission, lock=True)
    expect(work, standing.case)
    if standing.case.state != CaseState.OPEN:
        raise errors.CaseClosedAlready
    return standing


async def again(work: Work, standing: Standing) -> Standing:
    """The same case after something was written."""
    loaded = await queries.load(work, standing.case.id)
    before = standing.facts
    found = facts(work.today, loaded, calendar=before.calendar, approver=before.approver)
    found = rules.with_facts(
        found, general_branch_between=before.general_branch_between, places=before.places
    )
    return Standing(
        loaded, standing.pack, found, standing.approver_id, standing.approver_name, standing.powers
    )


def expect(work: Work, case: DevelopmentCase) -> None:
    """The caller's If-Match: what is shown of a case also depends on the day, so its tag is the version and
    a hash; the version has to be the case's."""
    given = work.if_match or frozenset()
    mine = [tag for tag in given if tag.strip('"').partition("-")[0] == str(case.version)]
    work.expect_tag(f'"{case.version}"', *mine)


def pack_of(shipped: Mapping[str, Any]) -> Pack:
    """The pack of a case, as the engine reads it. Raises `DevelopmentPackMissing`."""
    pack_id = UUID(str(shipped["id"]))
    if pack_id not in _PACKS:
        try:
            _PACKS[pack_id] = DevelopmentContent.model_validate(shipped["content"]).plain(pack_id)
        except ValidationError:
            raise errors.DevelopmentPackMissing from None
    return _PACKS[pack_id]


def facts(today: date, loaded: Loaded, *, calendar: Calendar, approver: rules.Approver | None) -> Facts:
    """What is on record, as the rules read it."""
    case = loaded.case
    review = next((r for r in loaded.reviews if r["current"]), None)
    trainings = [r for r in loaded.records if r["kind"] == rules.RecordKind.TRAINING]
    return Facts(
        today=today,
        done={s["step"]: _day(s["on"]) for s in loaded.steps if s["current"]},
        papers={p["kind"]: rules.PaperState(p["state"]) for p in loaded.papers if p["current"]},
        helpers=[
            rules.Helper(rules.HelperRole(h["role"]), h["full"], h["restricted"])
            for h in loaded.helpers
            if h["until_on"] is None
        ],
        appraisals=[_day(r["on"]) for r in loaded.records if r["kind"] == rules.RecordKind.APPRAISAL],
        trainings=[rules.Training(_day(r["on"]), r["days"] or 0, r["hours"] or 0) for r in trainings],
        ballots={v["step"]: _ballot(v) for v in loaded.votes if v["current"]},
        publicities={p["step"]: _publicity(p) for p in loaded.publicities if p["current"]},
        review=_review(review) if review else None,
        form_number=case.form_number,
        extended_months=case.extended_months,
        leaving=loaded.leaving,
        counted_in=case.quota_year,
        approver=approver,
        calendar=calendar,
    )


def _day(value: str) -> date:
    return date.fromisoformat(value)


def _review(row: Mapping[str, Any]) -> rules.PoliticalReview:
    return rules.PoliticalReview(_day(row["on"]), rules.ReviewConclusion(row["conclusion"]))


def _ballot(row: Mapping[str, Any]) -> rules.Ballot:
    return rules.Ballot(
        _day(row["on"]),
        row["due"],
        row["present"],
        row["in_favour"],
        row["against"],
        row["abstained"],
        row["written"],
        row["anonymous"],
    )


def _publicity(row: Mapping[str, Any]) -> rules.Publicity:
    return rules.Publicity(
        _day(row["from_on"]),
        row["working_days"],
        _day(row["closed_on"]) if row["closed_on"] else None,
        rules.ObjectionResult(row["result"]) if row["result"] else None,
    )


def _counts_working_days(node: rules.Node) -> bool:
    return any(term.working_days for term in (*node.not_before, *node.not_after))


async def _powers(work: Work, loaded: Loaded) -> PowersPack | None:
    pack = await reference.pack_for(work, "party_organization_powers", loaded.path, work.today)
    return None if pack is None else PowersContent.model_validate(pack.content).plain(pack.id)


def _may(powers: PowersPack | None, body: Mapping[str, Any], power: Power) -> bool:
    return powers is not None and _of(powers, body).may(power)


def _of(powers: PowersPack, body: Mapping[str, Any]) -> Any:
    formation = Formation(body["formation"]) if body["formation"] else None
    return powers.of(BodyKind(body["kind"]), formation)


def _nearest(loaded: Loaded, powers: PowersPack | None) -> dict[str, Any] | None:
    """The nearest active body above the branch that may approve members."""
    return next((b for b in loaded.above if b["active"] and _may(powers, b, Power.APPROVE_MEMBERS)), None)


def approver_of(powers: PowersPack | None, body: Mapping[str, Any] | None) -> rules.Approver | None:
    """A body above the branch as the one that decides; None where there is none."""
    if body is None or powers is None:
        return None
    return rules.Approver(above=True, refused=_of(powers, body).refused(Power.APPROVE_MEMBERS))


def chosen(standing: Standing, body_id: UUID | None) -> tuple[rules.Approver | None, UUID | None]:
    """The body that a caller names, or else the nearest with the power."""
    if body_id is None:
        return standing.facts.approver, standing.approver_id
    body = next((b for b in standing.loaded.above if b["id"] == str(body_id)), None)
    if body is None:
        return rules.Approver(above=False), None
    return approver_of(standing.powers, body), body_id


async def decides(work: Work, body_id: UUID | None) -> None:
    """The caller acts for the approving body. Raises `NotTheApprovingBody`."""
    scope = work.actor.scope(DECIDE)
    if scope.empty or (body_id is not None and await queries.body_in_scope(work, body_id, scope) is None):
        raise errors.NotTheApprovingBody


def refuse(*wrongs: tuple[str, str, str, str]) -> None:
    """Refuse with every fault: pointer, code, Chinese, English."""
    if wrongs:
        raise errors.DevelopmentInvalid(
            errors=[Fault(pointer, code, (zh, en)) for pointer, code, zh, en in wrongs]
        )


def day(work: Work, given: date | None, pointer: str = "/on") -> date:
    """The day of a verb: today unless given, never in the future."""
    on = given or work.today
    if on > work.today:
        refuse((pointer, "in_future", "不能晚于今天", "lies in the future: give today or an earlier day"))
    return on


def node_of(standing: Standing, code: str, pointer: str = "/step") -> rules.Node:
    """A step of the case's pack. Raises `DevelopmentInvalid`."""
    node = standing.pack.by_code.get(code)
    if node is None:
        refuse((pointer, "no_such_step", "规则包中没有这个步骤", "the case's pack has no such step"))
    assert node is not None  # noqa: S101 (refused above)
    return node


def not_ready(found: Iterable[rules.Reason]) -> errors.StepNotReady:
    """The refusal of a step with every reason."""
    return errors.StepNotReady(
        reasons=[
            {
                "step": r.step,
                "code": r.code,
                "about": r.about,
                "message": r.words,
                "article": r.rule.article,
                "source": r.rule.source,
                "verified": r.rule.verified,
                "bring": r.bring,
                "since_on": r.since,
                "until_on": r.until,
                "provisional": r.provisional,
            }
            for r in found
        ]
    )


def settle(work: Work, standing: Standing) -> None:
    """What the case row repeats of its steps: where it stands and what is due; its version grows."""
    case, pack, known = standing.case, standing.pack, standing.facts
    last = max(
        (n for n in pack.nodes if n.code in known.done),
        key=lambda n: (known.done[n.code], pack.nodes.index(n)),
    )
    case.step, case.stage = last.code, last.stage
    due = rules.next_due(pack, known) if case.state == CaseState.OPEN else None
    case.due_step, case.due_on, case.due_above = (due.step, due.on, due.above) if due else (None, None, False)
    case.remind_on = next_reminder(due.on if due else None, pack.remind_days, work.today)
    work.touch(case)


def next_reminder(due_on: date | None, days: Sequence[int], from_on: date) -> date | None:
    """The first day, not before one, on which a reminder of a due day falls."""
    if due_on is None:
        return None
    falls = [date.fromordinal(due_on.toordinal() - each) for each in days]
    return min((on for on in falls if on >= from_on), default=None)
