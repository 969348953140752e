"""Stored bytes: a row for each file, its content in encrypted chunks beside it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned


class File(Versioned, Base):
    """A file. `open_to` is the permission with which others of its division may read it; without, nobody."""

    __tablename__ = "files"

    name: Mapped[str]
    media_type: Mapped[Code]
    purpose: Mapped[Code]
    state: Mapped[Code]
    size: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    sha256: Mapped[str | None] = mapped_column(Text(collation="C"))
    encoding: Mapped[str | None] = mapped_column(Text(collation="C"))
    created_by: Mapped[UUID]
    created_by_name: Mapped[str]
    division_code: Mapped[str | None] = mapped_column(Text(collation="C"))
    open_to: Mapped[str | None] = mapped_column(Text(collation="C"))
    expires_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("purpose IN ('import', 'export', 'evidence')", name="purpose"),
        CheckConstraint("state IN ('receiving', 'stored')", name="state"),
        CheckConstraint("(state = 'stored') = (sha256 IS NOT NULL)", name="sha256"),
        CheckConstraint("encoding IN ('utf-8', 'gb18030')", name="encoding"),
        CheckConstraint("size >= 0", name="size"),
        Index("ix_files_created_by_sha256", "created_by", "sha256"),
        Index("ix_files_expires_at", "expires_at"),
    )


class FileChunk(Base):
    """One encrypted piece of a file, bound to the file and its number; numbers start at 0."""

    __tablename__ = "file_chunks"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cipher: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (CheckConstraint("number >= 0", name="number"),)
