"""Take an application: the case begins with the first step of the pack that holds on that day."""

from uuid import UUID

from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.development import errors, queries, rules
from app.development.commands.standing import RECORD, day, not_ready, pack_of, refuse, settle, stand
from app.development.models import DevelopmentCase, DevelopmentPaper, DevelopmentStep
from app.development.queries import Person
from app.development.rules import Attempt, CaseState, Facts, PaperState, StepOutcome
from app.development.schemas import Applicant, CaseOpen, CaseOpened
from app.members import commands as members
from app.members.errors import MemberInvalid
from app.members.rules import MemberStatus
from app.members.schemas import MemberCreate
from app.reference import queries as reference


async def open_case(work: Work, plan: CaseOpen) -> UUID:
    """Open a case of an applicant in sight, or of a new person. Raises `DevelopmentInvalid`,
    `StepNotReady` (say, under age), `CaseOpenAlready`."""
    if (plan.member_id is None) == (plan.applicant is None):
        refuse(("", "one_applicant", "请给出在册申请人或新申请人之一", "give a member or a new applicant"))
    on = day(work, plan.applied_on, "/applied_on")
    member_id = plan.member_id
    if plan.applicant is not None:
        member_id = await _enter(work, plan, plan.applicant)
    assert member_id is not None  # noqa: S101 (refused above)
    person = (await queries.members_seen(work, [member_id], RECORD)).get(member_id)
    if person is None:
        refuse(("/member_id", "no_such_member", "没有这名申请人, 或不在您的范围内", "no such applicant here"))
    assert person is not None  # noqa: S101 (refused above)
    if person.status != MemberStatus.APPLICANT:
        refuse(("/member_id", "not_an_applicant", "此人不是入党申请人", "is not an applicant"))
    held = await reference.pack_for(work, "development", person.path, on) or await reference.pack_for(
        work, "development", person.path, work.today
    )
    if held is None:
        raise errors.DevelopmentPackMissing
    pack = pack_of({"id": held.id, "content": held.content})
    if plan.priority_group is not None and plan.priority_group not in pack.priority_groups:
        refuse(("/priority_group", "unknown_group", "规则包中没有这个重点群体", "the pack has no such group"))
    first = pack.first
    facts = Facts(today=work.today, papers=dict.fromkeys(first.papers, PaperState.RECEIVED))
    age = await members.age_on(work, member_id, on) if first.minimum_age is not None else None
    against = rules.blocking(rules.reasons(pack, first, facts, Attempt(on, age=age)))
    if against:
        raise not_ready(against)
    return await _begin(work, plan, member_id, pack, person)


async def _enter(work: Work, plan: CaseOpen, applicant: Applicant) -> UUID:
    """The new person in the ledger of members, as an applicant."""
    try:
        return await members.record(
            work,
            MemberCreate(
                name=applicant.name,
                id_number=applicant.id_number,
                phone=applicant.phone,
                status=MemberStatus.APPLICANT,
                applied_on=plan.applied_on,
                party_organization_id=applicant.party_organization_id,
                affiliated_on=plan.applied_on,
                organization_id=applicant.organization_id,
                employment=applicant.employment,
            ),
        )
    except MemberInvalid as error:
        raise MemberInvalid(
            errors=[Fault(f"/applicant{each.pointer}", each.code, each.message) for each in error.errors]
        ) from None


async def _begin(work: Work, plan: CaseOpen, member_id: UUID, pack: rules.Pack, person: Person) -> UUID:
    first, on = pack.first, plan.applied_on
    assert pack.pack_id is not None  # noqa: S101 (a published pack)
    case = DevelopmentCase(
        id=uuid7(),
        member_id=member_id,
        rule_pack_id=pack.pack_id,
        state=CaseState.OPEN,
        stage=first.stage,
        step=first.code,
        opened_on=on,
        separate_plan=plan.separate_plan,
        priority_group=plan.priority_group,
        extended_months=0,
        due_above=False,
    )
    work.session.add(case)
    await work.session.flush()
    work.session.add(
        DevelopmentStep(
            id=uuid7(),
            case_id=case.id,
            step=first.code,
            attempt=1,
            stage=first.stage,
            outcome=StepOutcome.PASSED,
            on=on,
            recorded_by=work.actor.id,
            current=True,
        )
    )
    for kind in first.papers:
        work.session.add(
            DevelopmentPaper(
                id=uuid7(), case_id=case.id, kind=kind, state=PaperState.RECEIVED, on=on, current=True
            )
        )
    await work.session.flush()
    settle(work, await stand(work, case.id, RECORD))
    await work.session.flush()
    work.announce(
        CaseOpened(
            subject=case.id,
            division_code=person.division_code,
            member_id=member_id,
            pack=str(pack.pack_id),
            on=on,
        )
    )
    return case.id
