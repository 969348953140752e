"""What a search asks and finds."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import CodeRef, DivisionCode, Name, NonNegative, Output, SafeStr
from app.core.pages import Filters
from app.organizations import rules
from app.organizations.rules import SearchMatch
from app.organizations.schemas.reads import CreditCodeText


class SearchFilters(Filters):
    """What is looked for, and where."""

    q: Annotated[
        str,
        SafeStr(100),
        Field(
            description="Two or more characters of the name, in order or apart with spaces between them; its "
            "pinyin or initials; a former name; a credit code or an old registration number, from four "
            "characters on. One character finds the names that begin with it. Width, case and punctuation do "
            "not matter.",
            examples=["青年志愿"],
        ),
    ]
    division: Annotated[DivisionCode | None, Field(description="This division and all below it.")] = None
    kind: rules.OrganizationKind | None = None
    registration_status: rules.RegistrationStatus | None = None


class Highlight(Output):
    """A part of a name, from `start` to before `end`, counted in characters (code points, from 0)."""

    start: NonNegative
    end: NonNegative


class SearchHit(Output):
    """An organization that was found, and how. `highlights` mark what was asked for in `name`, or in
    `former_name` where that is what was found."""

    id: UUID
    name: Name
    credit_code: CreditCodeText | None
    kind: rules.OrganizationKind
    registration_status: rules.RegistrationStatus
    division: CodeRef
    match: SearchMatch
    former_name: Name | None
    highlights: list[Highlight]


class SearchPage(Output):
    """Hits, the best kind of match first; `total` is null unless `include_total=true` was asked for."""

    items: list[SearchHit]
    next_cursor: str | None
    has_more: bool
    total: int | None
