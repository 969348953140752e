"""Answers that PostgreSQL puts together from many rows: their ETag is the hash of their bytes."""

from typing import Any

from fastapi import Response
from pydantic import BaseModel
from sqlalchemy import Select, Text, cast, func, select

from app.core import reads
from app.core.errors import NotFound
from app.core.work import Work


async def derived(
    work: Work, statement: Select[Any], *, shape: type[BaseModel], missing: type[NotFound] = NotFound
) -> Response:
    """The one row of a statement as JSON."""
    reads.check(statement, shape)
    row = reads.wire(statement).subquery()
    text = await work.scalar(select(cast(func.row_to_json(row.table_valued()), Text)))
    if text is None:
        raise missing
    body = str(text).encode()
    return reads.answer(work, body, reads.hash_tag(body))
