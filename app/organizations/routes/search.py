"""`/organizations/search`: organizations by what somebody remembers of them."""

from typing import Annotated

from fastapi import Query, Response

from app.core.errors import refusals
from app.core.http import Router
from app.organizations import errors, queries
from app.organizations.routes.access import Reader
from app.organizations.schemas import SearchFilters, SearchPage

router = Router(prefix="/organizations", tags=["organizations"])


@router.get("/search", response_model=SearchPage, responses=refusals(errors.SearchTextEmpty))
async def search_organizations(work: Reader, filters: Annotated[SearchFilters, Query()]) -> Response:
    """Find organizations in your scope by name, former name, credit code, old number, pinyin or initials.

    The best kind of match comes first: a code, the very name, its beginning, the words in their order, the
    words in any order, a former name, pinyin, initials. Within a kind the order is that of the list."""
    return await queries.hits(work, filters)
