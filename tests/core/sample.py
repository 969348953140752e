"""A slice as small as one can be, so that the core is tested without any other. Its tables are its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI, Query, Response
from pydantic import Field
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    MetaData,
    Numeric,
    Select,
    UniqueConstraint,
    func,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app import main
from app.core import fields, reads
from app.core.access import NATION, Actor, Grant, Permission, Role, Scope
from app.core.db import NAMING, Base, Code, Versioned, uuid7
from app.core.errors import Conflict, Invalid, NotFound, refusals
from app.core.events import EVENTS, Event
from app.core.fields import DecimalString, DivisionCode, Input, Instant, Name, NonNegative, Output
from app.core.http import Router, changing, creating, public, reading
from app.core.pages import Filters, Page
from app.core.work import Credential, Work
from app.settings import Settings


class OwnBase(DeclarativeBase):
    """Not the service's metadata: `alembic check` never sees it."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = Base.type_annotation_map


class Thing(Versioned, OwnBase):
    __tablename__ = "things"

    name: Mapped[str]
    division_code: Mapped[Code]
    count: Mapped[int] = mapped_column(default=0)
    price: Mapped[Decimal] = mapped_column(Numeric(15, 2), default=Decimal("0.00"))
    seen_at: Mapped[datetime | None] = mapped_column(default=None)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("things.id"), default=None)
    late: Mapped[int | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("name", name="uq_things_name"),
        CheckConstraint("count < 1000", name="count_small"),
        UniqueConstraint("late", name="uq_things_late", deferrable=True, initially="DEFERRED"),
    )


class ThingMade(Event):
    """A thing was made."""

    type = "thing.made"
    subject_type = "thing"
    name: str


class ThingRenamed(Event):
    """A thing got another name."""

    type = "thing.renamed"
    subject_type = "thing"


del EVENTS[ThingMade.type], EVENTS[ThingRenamed.type]  # they are no part of the service's document


class ThingNotFound(NotFound):
    code, title = "thing_not_found", ("没有这件东西", "There is no such thing")


class NameTaken(Conflict):
    code, title = "thing_name_taken", ("名称已被占用", "The name is taken")
    constraint = "uq_things_name"


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class ThingCreate(Input):
    name: Name
    division_code: DivisionCode
    count: NonNegative = 0
    price: DecimalString = Decimal("0.00")
    parent_id: UUID | None = None
    late: int | None = None


class ThingRename(Input):
    name: Name


class Circle(Input):
    shape: Literal["circle"]
    radius: float


class Box(Input):
    shape: Literal["box"]
    sides: Annotated[list[NonNegative], Field(max_length=3)]


class Everything(Input):
    """Every type that crosses the wire."""

    short: fields.ShortText
    long: fields.LongText | None = None
    name: Name
    code: fields.CodeStr
    digest: fields.Digest
    division: DivisionCode
    credit_code: fields.CreditCode
    id_number: fields.IdNumber
    phone: fields.PhoneNumber
    on: fields.Day
    at: Instant
    amount: DecimalString
    count: NonNegative
    serial: fields.Serial
    flag: bool
    ratio: float
    colour: Colour
    reference: UUID
    free: fields.JsonObject
    shape: Annotated[Circle | Box, Field(discriminator="shape")]
    names: Annotated[list[Name], Field(max_length=3)]


class ThingRead(Output):
    id: UUID
    name: str
    division_code: str
    count: int
    price: DecimalString
    seen_at: Instant | None
    created_at: Instant
    parent: dict[str, Any] | None
    etag: str
    allowed_actions: list[str]


class Secret(Output):
    secret: str


class ThingFilters(Filters):
    name: fields.Name | None = None
    division: DivisionCode | None = None
    least: NonNegative | None = None
    since: date | None = None


Reader = Annotated[Work, reading(Permission.ORGANIZATION_READ)]
Maker = Annotated[Work, creating(Permission.ORGANIZATION_RECORD)]
Changer = Annotated[Work, changing(Permission.ORGANIZATION_RECORD)]
Decider = Annotated[Work, changing(Permission.ORGANIZATION_DECIDE, if_match=False)]
Anyone = Annotated[Work, public()]

router = Router(prefix="/things", tags=["things"])


def visible(scope: Scope) -> ColumnElement[bool]:
    return true() if scope.national else Thing.division_code.in_(scope.divisions)


def things(work: Work) -> Select[Any]:
    mother = Thing.__table__.alias("mother")
    table = {
        "rename": Permission.ORGANIZATION_RECORD,
        "decide": (Permission.ORGANIZATION_DECIDE, Thing.count > 0),
    }
    return (
        select(
            Thing.id,
            Thing.name,
            Thing.division_code,
            Thing.count,
            Thing.price,
            Thing.seen_at,
            Thing.created_at,
            reads.ref(mother.c.id, mother.c.name).label("parent"),
            reads.etag(Thing.version),
            reads.actions(work, table, read=Permission.ORGANIZATION_READ, visible=visible),
        )
        .outerjoin(mother, mother.c.id == Thing.parent_id)
        .where(visible(work.actor.scope(Permission.ORGANIZATION_READ)))
    )


async def read(work: Work, thing_id: UUID, *, status: int = 200) -> Response:
    found = things(work).where(Thing.id == thing_id)
    return await reads.one(work, found, shape=ThingRead, missing=ThingNotFound, status=status)


async def get_for_update(work: Work, thing_id: UUID) -> Thing:
    seen = visible(work.actor.scope(Permission.ORGANIZATION_RECORD))
    thing = await work.scalar(select(Thing).where(Thing.id == thing_id, seen).with_for_update())
    if not isinstance(thing, Thing):
        raise ThingNotFound
    return thing


@router.post("", status_code=201, response_model=ThingRead, responses=refusals(NameTaken))
async def make_thing(body: ThingCreate, work: Maker) -> Response:
    """Make a thing."""
    thing = Thing(id=uuid7(), **body.model_dump())
    work.session.add(thing)
    work.announce(ThingMade(subject=thing.id, division_code=thing.division_code, name=thing.name))
    return await read(work, thing.id, status=201)


@router.get("", response_model=Page[ThingRead])
async def list_things(filters: Annotated[ThingFilters, Query()], work: Reader) -> Response:
    """The things."""
    conditions: list[ColumnElement[bool]] = []
    if filters.name is not None:
        conditions.append(Thing.name == filters.name)
    if filters.division is not None:
        conditions.append(Thing.division_code == filters.division)
    if filters.least is not None:
        conditions.append(Thing.count >= filters.least)
    found = things(work).where(*conditions)
    sort = (Thing.division_code, Thing.id)
    return await reads.page(work, found, shape=ThingRead, filters=filters, sort=sort)


@router.get("/newest", response_model=Page[ThingRead])
async def list_newest_things(filters: Annotated[ThingFilters, Query()], work: Reader) -> Response:
    """The things, the newest first."""
    sort = (Thing.created_at, Thing.count, Thing.id)
    return await reads.page(work, things(work), shape=ThingRead, filters=filters, sort=sort, descending=True)


@router.get("/{thing_id}", response_model=ThingRead, responses=refusals(ThingNotFound))
async def get_thing(thing_id: UUID, work: Reader) -> Response:
    """One thing."""
    return await read(work, thing_id)


@router.patch("/{thing_id}", response_model=ThingRead, responses=refusals(ThingNotFound, NameTaken))
async def rename_thing(thing_id: UUID, body: ThingRename, work: Changer) -> Response:
    """Give a thing another name."""
    thing = await get_for_update(work, thing_id)
    work.expect(thing)
    thing.name = body.name
    work.announce(ThingRenamed(subject=thing.id, division_code=thing.division_code))
    return await read(work, thing_id)


@router.post("/{thing_id}/forget", status_code=204, responses=refusals(ThingNotFound))
async def forget_expectation(thing_id: UUID, work: Changer) -> None:
    """A mistake of ours: it looks at no version."""
    (await get_for_update(work, thing_id)).count += 1


@router.post("/{thing_id}/secret", response_model=Secret)
async def make_secret(thing_id: UUID, work: Decider) -> Response:
    """A secret that is shown once."""
    thing = await get_for_update(work, thing_id)
    thing.count += 1
    work.keep_secret()
    return await reads.derived(work, {"secret": f"whsec_{uuid7()}"}, shape=Secret)


@router.post("/{thing_id}/touch", status_code=204)
async def touch_thing(thing_id: UUID, work: Decider) -> None:
    """Only a child changed."""
    work.touch(await get_for_update(work, thing_id))


@router.post("/slow", status_code=204)
async def make_slowly(body: ThingCreate, work: Maker) -> None:
    """A write that takes its time."""
    work.session.add(Thing(id=uuid7(), **body.model_dump()))
    await work.session.flush()
    await work.execute(select(func.pg_sleep(0.2)))


@router.post("/everything", response_model=Everything)
async def take_everything(body: Everything, work: Maker) -> Response:
    """Takes every type."""
    return await reads.derived(work, body)


@router.post("/unlucky", status_code=204)
async def be_unlucky(body: ThingRename, work: Maker) -> None:
    """A fault of ours whose message holds what was sent."""
    raise RuntimeError(body.name, work.request_id)


@router.post("/knock", status_code=204)
async def knock(work: Anyone) -> None:
    """For anyone."""
    del work


class NoSuchDivision(Invalid):
    code, title = "thing_division_unknown", ("没有这个区划", "There is no such division")
    detail = ("区划{where}未登记。", "The division {where} is not known.")


TOKENS = {
    "clerk": Actor(UUID(int=11), "person", "clerk", (Grant(Role.CLERK, NATION),)),
    "organizer": Actor(UUID(int=12), "person", "organizer", (Grant(Role.ORGANIZER, NATION),)),
    "guangdong": Actor(UUID(int=13), "person", "guangdong", (Grant(Role.CLERK, "440000"),)),
    "viewer": Actor(UUID(int=14), "person", "viewer", (Grant(Role.VIEWER, NATION),)),
    "display": Actor(UUID(int=15), "machine", "display", (Grant(Role.DISPLAY, NATION),)),
}


async def authenticate(session: AsyncSession, credential: Credential) -> Actor | None:
    """The names of the callers are their tokens."""
    await session.execute(select(1))
    return TOKENS.get(credential.bearer or credential.cookie or "")


def serve(settings: Settings) -> FastAPI:
    """The service with this slice and no other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main, "ROUTERS", ())
        app = main.create_app(settings)
    app.include_router(router, prefix="/api/v1")
    app.state.shell.authenticate = authenticate
    return app


async def create_tables(owner_url: str) -> None:
    engine = create_async_engine(owner_url)
    async with engine.begin() as connection:
        await connection.run_sync(OwnBase.metadata.create_all)
    await engine.dispose()


@asynccontextmanager
async def client(
    app: FastAPI, caller: str | None = "clerk", **options: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """A caller; faults of ours are answers here, not exceptions."""
    headers = {"Authorization": f"Bearer {caller}"} if caller else {}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    options = {"transport": transport, "base_url": "http://test/api/v1", "headers": headers} | options
    async with httpx.AsyncClient(**options) as http:
        yield http


THING = {"name": "一件", "division_code": "440115"}


async def made(clerk: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    """A thing that was made."""
    response = await clerk.post("/things", json=THING | changes)
    assert response.status_code == 201, response.text
    return response
