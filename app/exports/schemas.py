"""What crosses the wire: what to export, and what became of it."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import Input, JsonObject, Output, Ref, ShortText
from app.core.pages import Filters
from app.exports.rules import ExportFormat, ExportLanguage
from app.operations.rules import OperationState

Actions = list[str]


class ExportCreate(Input):
    """Which list, whose rows, in which form."""

    list: Annotated[
        ShortText,
        Field(
            description="The operationId of a list of this document, or its path: each can be exported.",
            examples=["list_organizations"],
        ),
    ]
    filters: Annotated[
        JsonObject,
        Field(
            description="The query of the list under the same names, without `limit`, `cursor` and "
            "`include_total`; and what its path names, as `organization_id`.",
            examples=[{"division": "440115", "registration_status": "registered"}],
            default_factory=dict,
        ),
    ]
    format: Annotated[ExportFormat, Field(examples=["xlsx"])] = ExportFormat.XLSX
    language: Annotated[ExportLanguage, Field(examples=["zh"])] = ExportLanguage.ZH


class ExportRead(Output):
    """An export that I asked for. `id` is that of its operation as well."""

    id: UUID
    list: Annotated[str, Field(description="The operationId of the list.", examples=["list_organizations"])]
    filters: Annotated[dict[str, Any], Field(examples=[{"division": "440115"}])]
    format: ExportFormat
    language: ExportLanguage
    state: OperationState
    rows: Annotated[int | None, Field(description="How many rows the file has.", examples=[1280])]
    snapshot_at: Annotated[datetime | None, Field(description="The one moment that all its rows show.")]
    file: Annotated[Ref | None, Field(description="Null before it is made, and after it was removed.")]
    note_file: Annotated[Ref | None, Field(description="Beside a CSV: what the file is. XLSX has a sheet.")]
    content_url: Annotated[
        str | None, Field(examples=["/api/v1/files/0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11/content"])
    ]
    available_until_at: Annotated[datetime | None, Field(description="When the file is removed.")]
    failure: Annotated[
        str | None, Field(description="The code of what went wrong.", examples=["not_permitted"])
    ]
    created_at: datetime
    finished_at: datetime | None
    etag: str
    allowed_actions: Actions


class ExportFilters(Filters):
    """My exports, the latest first."""

    state: Annotated[
        OperationState | None, Field(description="Where they stand.", examples=["succeeded"])
    ] = None


class _ExportEvent(Event):
    subject_type: ClassVar[str] = "export"
    public: ClassVar[bool] = False

    list: str
    filters: dict[str, Any]
    format: ExportFormat


class ExportRequested(_ExportEvent):
    """Somebody asked for the rows of a list as a file."""

    type: ClassVar[str] = "export.requested"


class ExportMade(_ExportEvent):
    """The file was made, with the grants that its requester had then."""

    type: ClassVar[str] = "export.made"
    requested_by: UUID
    rows: int
    file_id: UUID
