"""Keeping names findable: written wherever the fold writes, in its transaction."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete

from app.core import bulk
from app.core.work import Work
from app.organizations import queries
from app.organizations.models import OrganizationSearch

BATCH = 1000


async def index(work: Work, organization_ids: Iterable[UUID]) -> int:
    """Bring what these organizations are found by into line with their rows and names; how many changed.

    Set-based: a few statements for each thousand of them, and none that writes what is already right."""
    every, changed = list(dict.fromkeys(organization_ids)), 0
    await work.session.flush()
    for start in range(0, len(every), BATCH):
        changed += await _index(work, every[start : start + BATCH])
    return changed


async def _index(work: Work, organization_ids: Sequence[UUID]) -> int:
    wanted = await queries.search_entries(work, organization_ids)
    stored = await queries.search_rows(work, organization_ids)
    due = [row for key, row in wanted.items() if stored.get(key) != row]
    if old := [row["organization_id"] for row in due if row["organization_id"] in stored]:
        await work.execute(
            delete(OrganizationSearch)
            .where(OrganizationSearch.organization_id.in_(old))
            .execution_options(synchronize_session=False)
        )
    await bulk.insert(work, OrganizationSearch, due)
    return len(due)
