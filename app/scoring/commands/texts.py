"""A standard from what was sent: JSON, YAML or an uploaded workbook, with every fault at its place."""

import asyncio
from uuid import UUID

from app.core.errors import Fault
from app.core.work import Work
from app.files import commands as files
from app.files.errors import FileNotFound
from app.files.rules import MediaType
from app.imports.formats import as_csv, sheets
from app.scoring import errors, formats
from app.scoring.formats import SHEETS, Unreadable
from app.scoring.rules import Standard
from app.scoring.schemas import StandardText

NO_FILE = ("没有这个文件, 或不是工作簿", "there is no such file, or it is no workbook")


async def standard_of(work: Work, given: StandardText) -> Standard:
    """The standard in one of the three forms. Raises `StandardUnreadable`."""
    try:
        if given.yaml is not None:
            return await asyncio.to_thread(formats.standard_of_yaml, given.yaml)
        if given.file_id is not None:
            return await _from_workbook(work, given.file_id)
        return formats.standard_of(given.content or {})
    except Unreadable as error:
        faults = error.faults
        if given.content is not None:
            faults = tuple(Fault(f"/content{f.pointer}", f.code, f.message) for f in faults)
        raise errors.StandardUnreadable(errors=faults) from None


async def _from_workbook(work: Work, file_id: UUID) -> Standard:
    try:
        card = await files.card(work, file_id)
    except FileNotFound:
        raise Unreadable([Fault("/file_id", "not_found", NO_FILE)]) from None
    if card.media_type != MediaType.XLSX:
        raise Unreadable([Fault("/file_id", "not_a_workbook", NO_FILE)])
    data = b"".join([piece async for piece in files.read(work, card.id)])
    tables = {}
    for sheet in await sheets(data):
        if sheet.name in SHEETS:
            pieces = [piece async for piece in as_csv(data, sheet.name)]
            tables[sheet.name] = b"".join(pieces).decode()
    return formats.standard_of_workbook(tables)
