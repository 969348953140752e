"""`/worklist`."""

from typing import Annotated

from fastapi import Query, Response

from app.core.access import Permission
from app.core.http import Router, reading
from app.core.work import Work
from app.worklist import queries
from app.worklist.schemas import WorklistFilters, WorklistRead

router = Router(tags=["worklist"])

Reader = Annotated[Work, reading(Permission.WORKLIST_READ)]


@router.get("/worklist", response_model=WorklistRead)
async def get_worklist(work: Reader, filters: Annotated[WorklistFilters, Query()]) -> Response:
    """What waits for the caller in its scope, in one call: duties, organizations that nobody leads, registry
    messages, approvals, contradictions, exceptions about to expire. Each kind has its count, its first items
    and a link."""
    return await queries.worklist(work, filters)
