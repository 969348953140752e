"""What names are found by: derived from the ledger by `commands.search`, checked by `jiceng verify`."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code


class OrganizationSearch(Base):
    """The names of one organization as terms, with what a search is narrowed by (`rules.search.Entry`)."""

    __tablename__ = "organization_search"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    division_code: Mapped[Code]
    kind: Mapped[Code]
    registration_status: Mapped[Code]
    name: Mapped[Code]
    former: Mapped[Code]
    pinyin: Mapped[Code]
    initials: Mapped[Code]
    terms: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")))

    __table_args__ = (
        Index("ix_organization_search_division_code", "division_code", "organization_id"),
        Index("ix_organization_search_name", "name", "organization_id"),
        Index(
            "ix_organization_search_terms",
            "terms",
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": 256},
        ),
    )
