"""`/files`: uploads and what the service made, as bytes."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.core.access import Permission
from app.core.errors import refusals
from app.core.fields import Name
from app.core.http import Router, changing, reading, streaming
from app.core.work import Work
from app.files import commands, errors, formats, queries
from app.files.schemas import FileRead

router = Router(prefix="/files", tags=["files"])

Reader = Annotated[Work, reading(Permission.FILE_READ)]
Uploader = Annotated[Work, streaming(Permission.FILE_UPLOAD)]
Remover = Annotated[Work, changing(Permission.FILE_UPLOAD)]
FileId = Annotated[UUID, Path(description="The id of the file.")]
FileName = Annotated[
    Name,
    Query(
        description="Its name with its extension: `.xlsx`, `.csv`, `.pdf`, `.png` or `.jpg`.",
        examples=["社会组织台账.xlsx"],
    ),
]


@router.post(
    "",
    status_code=201,
    response_model=FileRead,
    responses=refusals(
        errors.FileEmpty,
        errors.FileTypeNotTaken,
        errors.FileTypeDiffers,
        errors.FileTooLarge,
        errors.FileQuotaReached,
        errors.EncodingUnknown,
        errors.WorkbookRefused,
        errors.PaperRefused,
        errors.TooManyUploads,
    ),
    openapi_extra=formats.UPLOAD,
)
async def upload_file(request: Request, work: Uploader, name: FileName) -> Response:
    """Upload a workbook or picture (up to 10 MiB), a PDF (20 MiB) or a CSV (100 MiB), streamed.

    The same bytes under the same name again are the same file, so an upload may be retried. It is kept
    encrypted, for 30 days, and only you can read it. A file that is given as evidence of a round is kept for
    good, and those may read it who may read evidence there."""
    file = await commands.upload(work, name, request.stream())
    return await queries.read(work, file.id, status=201)


@router.get("/{file_id}", response_model=FileRead, responses=refusals(errors.FileNotFound))
async def get_file(work: Reader, file_id: FileId) -> Response:
    """What a file is, how large, and until when it is kept."""
    return await queries.read(work, file_id)


@router.get(
    "/{file_id}/content",
    response_class=StreamingResponse,
    responses={**formats.DOWNLOAD, **refusals(errors.FileNotFound)},
)
async def download_file(work: Reader, file_id: FileId) -> Response:
    """The bytes of a file, streamed as an attachment."""
    return await queries.download(work, file_id)


@router.delete("/{file_id}", status_code=204, responses=refusals(errors.FileNotFound, errors.FileInUse))
async def remove_file(work: Remover, file_id: FileId) -> Response:
    """Remove a file of mine before its time."""
    await commands.remove(work, file_id)
    return Response(status_code=204)
