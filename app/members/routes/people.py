"""The addresses of members."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.identity.errors import FreshSignInNeeded, RevealsSpent
from app.members import commands, errors, queries
from app.members.schemas import (
    LinkEnd,
    MemberCounts,
    MemberCountsQuery,
    MemberCreate,
    MemberEnd,
    MemberFilters,
    MemberFind,
    MemberHistory,
    MemberRead,
    MemberRestore,
    MemberRevealed,
    MembersFound,
    MemberSuspend,
    MemberUpdate,
    ParticipationStart,
    RestrictionStart,
    RevealRequest,
)

router = Router(tags=["members"])

Reader = Annotated[Work, reading(Permission.MEMBER_READ)]
Finder = Annotated[Work, creating(Permission.MEMBER_READ)]
Recorder = Annotated[Work, creating(Permission.MEMBER_RECORD)]
Editor = Annotated[Work, changing(Permission.MEMBER_RECORD)]
Decider = Annotated[Work, changing(Permission.MEMBER_DECIDE)]
Revealer = Annotated[Work, creating(Permission.MEMBER_REVEAL)]
MemberId = Annotated[UUID, Path(description="The id of the member.")]
LinkId = Annotated[UUID, Path(description="The id of the record.")]

_missing, _invalid, _blocked, _ended = (
    errors.MemberNotFound,
    errors.MemberInvalid,
    errors.StatusBlocked,
    errors.MemberHasEnded,
)


@router.get("/members", response_model=Page[MemberRead])
async def list_members(work: Reader, filters: Annotated[MemberFilters, Query()]) -> Response:
    """Members of my scope, masked, by division and id."""
    return await queries.page(work, filters)


@router.post(
    "/members",
    status_code=201,
    response_model=MemberRead,
    responses=refusals(_invalid, errors.MemberKnown, errors.PersonNeedsVerification),
)
async def record_member(work: Recorder, plan: MemberCreate) -> Response:
    """Enter a person who is already on the way. Somebody known elsewhere gets a neutral answer:
    the level above verifies."""
    return await queries.read(work, await commands.record(work, plan), status=201)


@router.get("/members/counts", response_model=MemberCounts)
async def count_members(work: Reader, query: Annotated[MemberCountsQuery, Query()]) -> Response:
    """Members of my scope by status."""
    return await queries.count(work, query)


@router.post("/members/find", response_model=MembersFound, responses=refusals(_invalid))
async def find_members(work: Finder, asked: MemberFind) -> MembersFound:
    """Find people of my scope by whole name, ID number or phone; in a body, so that no log holds
    them. The search is on record."""
    return await commands.find(work, asked)


@router.get("/members/{member_id}", response_model=MemberRead, responses=refusals(_missing))
async def get_member(work: Reader, member_id: MemberId) -> Response:
    """One member, masked."""
    return await queries.read(work, member_id)


@router.patch(
    "/members/{member_id}",
    response_model=MemberRead,
    responses=refusals(_missing, _invalid, _ended, errors.MemberKnown, errors.PersonNeedsVerification),
)
async def change_member(work: Editor, member_id: MemberId, update: MemberUpdate) -> Response:
    """Change what is known of a member; status and affiliation have verbs of their own."""
    await commands.change(work, member_id, update)
    return await queries.read(work, member_id)


@router.get("/members/{member_id}/history", response_model=MemberHistory, responses=refusals(_missing))
async def get_member_history(work: Reader, member_id: MemberId) -> Response:
    """Every status, affiliation, participation and restriction, with its time and paper."""
    return await queries.history(work, member_id)


@router.post(
    "/members/{member_id}/reveal",
    response_model=MemberRevealed,
    responses=refusals(_missing, FreshSignInNeeded, RevealsSpent),
)
async def reveal_member(work: Revealer, member_id: MemberId, asked: RevealRequest) -> MemberRevealed:
    """Plain text of a member, with purpose and reason on record before it is shown; so many a day."""
    return await commands.reveal(work, member_id, asked)


@router.post(
    "/members/{member_id}/suspend",
    response_model=MemberRead,
    responses=refusals(_missing, _invalid, _ended, _blocked),
)
async def suspend_member(work: Decider, member_id: MemberId, order: MemberSuspend) -> Response:
    """Suspend a membership (停止党籍): after the months without contact that the rule pack counts, or for one
    who settled abroad."""
    await commands.suspend(work, member_id, order)
    return await queries.read(work, member_id)


@router.post(
    "/members/{member_id}/restore",
    response_model=MemberRead,
    responses=refusals(_missing, _invalid, _ended, _blocked),
)
async def restore_member(work: Decider, member_id: MemberId, order: MemberRestore) -> Response:
    """Restore a suspended membership (恢复党籍)."""
    await commands.restore(work, member_id, order)
    return await queries.read(work, member_id)


@router.post(
    "/members/{member_id}/end",
    response_model=MemberRead,
    responses=refusals(_missing, _invalid, _ended, _blocked, errors.TransferOpen),
)
async def end_member(work: Decider, member_id: MemberId, order: MemberEnd) -> Response:
    """End a membership or an application; the record stays."""
    await commands.end(work, member_id, order)
    return await queries.read(work, member_id)


@router.post(
    "/members/{member_id}/restrictions",
    response_model=MemberHistory,
    responses=refusals(_missing, _invalid, _blocked, errors.LinkTwice),
)
async def restrict_member(work: Decider, member_id: MemberId, order: RestrictionStart) -> Response:
    """Limit a member's rights for a time (留党察看). `If-Match` is the member's `etag`."""
    await commands.restrict(work, member_id, order)
    return await queries.history(work, member_id)


@router.post(
    "/members/{member_id}/restrictions/{link_id}/end",
    response_model=MemberHistory,
    responses=refusals(_missing, _invalid, _blocked, errors.MemberLinkNotFound),
)
async def end_member_restriction(
    work: Decider, member_id: MemberId, link_id: LinkId, order: LinkEnd
) -> Response:
    """End a restriction. `If-Match` is its own `etag`."""
    await commands.end_restriction(work, member_id, link_id, order)
    return await queries.history(work, member_id)


@router.post(
    "/members/{member_id}/participations",
    response_model=MemberHistory,
    responses=refusals(_missing, _invalid, _blocked, errors.LinkTwice),
)
async def start_member_participation(
    work: Editor, member_id: MemberId, order: ParticipationStart
) -> Response:
    """Organization life in another body, the relations staying. `If-Match` is the member's `etag`."""
    await commands.start_participation(work, member_id, order)
    return await queries.history(work, member_id)


@router.post(
    "/members/{member_id}/participations/{link_id}/end",
    response_model=MemberHistory,
    responses=refusals(_missing, _invalid, _blocked, errors.MemberLinkNotFound),
)
async def end_member_participation(
    work: Editor, member_id: MemberId, link_id: LinkId, order: LinkEnd
) -> Response:
    """End a participation. `If-Match` is its own `etag`."""
    await commands.end_participation(work, member_id, link_id, order)
    return await queries.history(work, member_id)
