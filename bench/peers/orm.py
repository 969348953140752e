"""The same page and the same row, as tutorials of FastAPI and SQLAlchemy have them: ORM rows, relationships
loaded by join, Pydantic models as the response. No sign-in, no scope, no ETag."""

import os
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship

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


class PageOut(BaseModel):
    items: list[OrganizationOut]
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


@app.get("/page")
async def page(db: Opened, division: str) -> PageOut:
    """The first fifty of a division."""
    found = await db.scalars(
        select(Organization)
        .options(*WHOLE)
        .where(Organization.division_code == division)
        .order_by(Organization.division_code, Organization.id)
        .limit(51)
    )
    rows = found.all()
    return PageOut(items=[OrganizationOut.model_validate(row) for row in rows[:50]], has_more=len(rows) > 50)


@app.get("/one/{organization_id}")
async def one(db: Opened, organization_id: UUID) -> OrganizationOut:
    """One organization."""
    row = await db.scalar(select(Organization).options(*WHOLE).where(Organization.id == organization_id))
    if row is None:
        raise HTTPException(404)
    return OrganizationOut.model_validate(row)
