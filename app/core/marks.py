"""Marks: whatever writes something that coverage counts says so in its own transaction, by inserting a row.

Nothing is locked and no row is shared, so that writers never wait for each other here. What is marked is
counted from its rows until the worker has rolled it up (`app.coverage.commands`)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, CheckConstraint, Text, Uuid, bindparam, func, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code

ORGANIZATION, PARTY_ORGANIZATION = "organization", "party_organization"


class Mark(Base):
    """Something that counts about a subject was written since it was last rolled up."""

    __tablename__ = "coverage_marks"

    id: Mapped[UUID] = mapped_column(
        primary_key=True, default=uuid4, server_default=text("gen_random_uuid()")
    )
    subject_type: Mapped[Code]
    subject_id: Mapped[UUID]

    __table_args__ = (
        CheckConstraint(f"subject_type IN ('{ORGANIZATION}', '{PARTY_ORGANIZATION}')", name="subject_type"),
    )


_IDS = bindparam("ids", type_=ARRAY(Uuid()))
_KIND = bindparam("kind", type_=Text(collation="C"))
_TABLE: Any = Mark.__table__
LEAVE = insert(_TABLE).from_select(
    ["id", "subject_type", "subject_id"], select(func.gen_random_uuid(), _KIND, func.unnest(_IDS))
)
"""Leaves the marks of many subjects of one `kind` by one statement."""


def parameters(kind: str, ids: Collection[UUID]) -> dict[str, object]:
    """The parameters of `LEAVE`."""
    return {"kind": kind, "ids": sorted(ids)}
