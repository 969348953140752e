"""A finding becomes a notice: a draft to the body that answers, linked both ways in one transaction."""

from uuid import UUID

from app.core.access import Permission
from app.core.work import Work
from app.notices import commands as notices
from app.notices.schemas import AddresseeGiven, NoticeDraft, NoticeParagraph
from app.supervision import errors, queries, rules
from app.supervision.commands import checking
from app.supervision.rules import SupervisionFindingState
from app.supervision.schemas import SupervisionNoticeDraft, SupervisionNoticeDrafted


async def draft_notice(work: Work, finding_id: UUID, given: SupervisionNoticeDraft) -> None:
    """Draft a notice about an open finding. Raises `FindingStateForbids`, `NoticeDraftedAlready`, and
    whatever a draft is refused for."""
    row = await queries.finding_for_update(work, finding_id, Permission.SUPERVISION_DECIDE)
    work.expect(row)
    if row.state != SupervisionFindingState.OPEN:
        raise errors.FindingStateForbids
    if row.notice_id is not None:
        raise errors.NoticeDraftedAlready
    field = next(field for field in checking.FIELDS if getattr(row, field) is not None)
    subject: UUID = getattr(row, field)
    name = await queries.called(work, field, subject)
    whom = AddresseeGiven(**({field: subject} if row.body_id is None else {_BODY: row.body_id}))
    row.notice_id = await notices.draft(
        work,
        NoticeDraft(
            kind=given.kind,
            sign_id=given.sign_id,
            party_organization_id=given.party_organization_id,
            title=given.title,
            paragraphs=[
                NoticeParagraph(level=0, text=line) for line in rules.letter(name, row.statement, row.due_on)
            ],
            addressees=[whom],
            attachments=[],
            copy_to=[],
            figures=[],
            answer_days=given.answer_days,
            due_on=None if given.answer_days else row.due_on,
        ),
    )
    await work.session.flush()
    work.announce(
        SupervisionNoticeDrafted(subject=row.id, division_code=row.division_code, notice_id=row.notice_id)
    )


_BODY = "party_organization_id"
