"""The same page and the same row, as tutorials of FastAPI and SQLAlchemy have them: ORM rows, relationships
loaded by join, Pydantic models as the response. No sign-in, no scope, no ETag."""

import os
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship

Item = TypeVar("Item", bound=BaseModel)
engine = create_async_engine(os.environ["PEER_DATABASE_URL"], pool_size=5, max_overflow=5)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


class Base(DeclarativeBase):
    type_annotation_map = {str: Text(collation="C")}  # noqa: RUF012


class Division(Base):
    __tablename__ = "divisions"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Authority(Base):
    __tablename__ = "authorities"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]


class Organization(Base):
    __tablename__ = "organizations"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    credit_code: Mapped[str | None]
    name: Mapped[str]
    kind: Mapped[str]
    registration_mode: Mapped[str]
    registration_status: Mapped[str]
    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code"))
    domicile_division_code: Mapped[str | None] = mapped_column(ForeignKey("divisions.code"))
    domicile_address: Mapped[str | None]
    registration_authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    supervisory_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    industry_authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    industry: Mapped[str | None]
    established_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    business_scope: Mapped[str | None]
    decoupled: Mapped[bool]
    is_trade_association: Mapped[bool]
    foreign_related: Mapped[bool]
    staff_count: Mapped[int | None]
    member_count: Mapped[int | None]
    party_member_count: Mapped[int | None]
    full_member_count: Mapped[int | None]
    full_time_full_member_count: Mapped[int | None]
    legal_representative: Mapped[str | None]
    contact_name: Mapped[str | None]
    contact_phone_mask: Mapped[str | None]
    merged_into_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    division: Mapped[Division] = relationship(foreign_keys=[division_code])
    domicile_division: Mapped[Division | None] = relationship(foreign_keys=[domicile_division_code])
    registration_authority: Mapped[Authority | None] = relationship(foreign_keys=[registration_authority_id])
    supervisory_unit: Mapped[Authority | None] = relationship(foreign_keys=[supervisory_unit_id])
    industry_authority: Mapped[Authority | None] = relationship(foreign_keys=[industry_authority_id])


class Body(Base):
    __tablename__ = "party_organizations"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    formation: Mapped[str | None]
    level: Mapped[str]
    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_organizations.id"))
    industry: Mapped[str | None]
    approval_document: Mapped[str | None]
    founded_on: Mapped[date]
    dissolved_on: Mapped[date | None]
    dissolved_reason: Mapped[str | None]
    counts_as_primary: Mapped[bool]
    status: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    division: Mapped[Division] = relationship()
    parent: Mapped["Body | None"] = relationship(remote_side="Body.id")


class Person(Base):
    __tablename__ = "persons"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name_mask: Mapped[str]
    id_number_mask: Mapped[str | None]
    phone_mask: Mapped[str | None]


class Member(Base):
    __tablename__ = "members"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    status: Mapped[str]
    ended_kind: Mapped[str | None]
    ended_on: Mapped[date | None]
    applied_on: Mapped[date | None]
    joined_on: Mapped[date | None]
    joined_precision: Mapped[str | None]
    full_on: Mapped[date | None]
    full_precision: Mapped[str | None]
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey("party_organizations.id"))
    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code"))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    employment: Mapped[str | None]
    scattered: Mapped[bool]
    floating_since: Mapped[date | None]
    contact_lost_on: Mapped[date | None]
    suspension_due_on: Mapped[date | None]
    strike_off_due_on: Mapped[date | None]
    floating_due_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    person: Mapped[Person] = relationship()
    party_organization: Mapped[Body] = relationship()
    division: Mapped[Division] = relationship()
    organization: Mapped[Organization | None] = relationship()


class DivisionOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    code: str
    name: str


class AuthorityOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: UUID
    name: str


class OrganizationOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: UUID
    credit_code: str | None
    name: str
    kind: str
    registration_mode: str
    registration_status: str
    division: DivisionOut
    domicile_division: DivisionOut | None
    domicile_address: str | None
    registration_authority: AuthorityOut | None
    supervisory_unit: AuthorityOut | None
    industry_authority: AuthorityOut | None
    industry: str | None
    established_on: date | None
    ended_on: date | None
    business_scope: str | None
    decoupled: bool
    is_trade_association: bool
    foreign_related: bool
    staff_count: int | None
    member_count: int | None
    party_member_count: int | None
    full_member_count: int | None
    full_time_full_member_count: int | None
    legal_representative: str | None
    contact_name: str | None
    contact_phone_mask: str | None
    merged_into_id: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int


class BodyOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: UUID
    name: str
    kind: str
    formation: str | None
    level: str
    division: DivisionOut
    parent: AuthorityOut | None
    industry: str | None
    approval_document: str | None
    founded_on: date
    dissolved_on: date | None
    dissolved_reason: str | None
    counts_as_primary: bool
    status: str
    created_at: datetime
    updated_at: datetime
    version: int


class PersonOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    name_mask: str
    id_number_mask: str | None
    phone_mask: str | None


class MemberOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: UUID
    person: PersonOut
    status: str
    ended_kind: str | None
    ended_on: date | None
    applied_on: date | None
    joined_on: date | None
    joined_precision: str | None
    full_on: date | None
    full_precision: str | None
    party_organization: AuthorityOut
    division: DivisionOut
    organization: AuthorityOut | None
    employment: str | None
    scattered: bool
    floating_since: date | None
    contact_lost_on: date | None
    suspension_due_on: date | None
    strike_off_due_on: date | None
    floating_due_on: date | None
    created_at: datetime
    updated_at: datetime
    version: int


class PageOut(BaseModel, Generic[Item]):
    items: list[Item]
    has_more: bool


async def session() -> AsyncIterator[AsyncSession]:
    async with sessions() as opened:
        yield opened


Opened = Annotated[AsyncSession, Depends(session)]
WHOLE = [
    joinedload(getattr(Organization, name))
    for name in (
        "division",
        "domicile_division",
        "registration_authority",
        "supervisory_unit",
        "industry_authority",
    )
]


BODY = [joinedload(Body.division), joinedload(Body.parent)]
MEMBER = [
    joinedload(getattr(Member, name)) for name in ("person", "party_organization", "division", "organization")
]


async def _fifty(
    db: AsyncSession, row: Any, whole: Sequence[Any], shape: type[Item], division: str
) -> PageOut[Item]:
    found = await db.scalars(
        select(row)
        .options(*whole)
        .where(row.division_code == division)
        .order_by(row.division_code, row.id)
        .limit(51)
    )
    rows = found.all()
    return PageOut(items=[shape.model_validate(each) for each in rows[:50]], has_more=len(rows) > 50)


async def _single(db: AsyncSession, row: Any, whole: Sequence[Any], shape: type[Item], row_id: UUID) -> Item:
    found = await db.scalar(select(row).options(*whole).where(row.id == row_id))
    if found is None:
        raise HTTPException(404)
    return shape.model_validate(found)


@app.get("/page")
async def page(db: Opened, division: str) -> PageOut[OrganizationOut]:
    """The first fifty of a division."""
    return await _fifty(db, Organization, WHOLE, OrganizationOut, division)


@app.get("/one/{row_id}")
async def one(db: Opened, row_id: UUID) -> OrganizationOut:
    """One organization."""
    return await _single(db, Organization, WHOLE, OrganizationOut, row_id)


@app.get("/members/page")
async def members(db: Opened, division: str) -> PageOut[MemberOut]:
    """The first fifty members of a division."""
    return await _fifty(db, Member, MEMBER, MemberOut, division)


@app.get("/members/one/{row_id}")
async def member(db: Opened, row_id: UUID) -> MemberOut:
    """One member."""
    return await _single(db, Member, MEMBER, MemberOut, row_id)


@app.get("/bodies/page")
async def bodies(db: Opened, division: str) -> PageOut[BodyOut]:
    """The first fifty Party organizations of a division."""
    return await _fifty(db, Body, BODY, BodyOut, division)


@app.get("/bodies/one/{row_id}")
async def body(db: Opened, row_id: UUID) -> BodyOut:
    """One Party organization."""
    return await _single(db, Body, BODY, BodyOut, row_id)
