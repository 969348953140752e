"""Answers that PostgreSQL puts together from many rows: their ETag is the hash of their bytes."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response
from pydantic import BaseModel
from sqlalchemy import Select, Text, cast, func, select

from app.core import reads
from app.core.errors import NotFound
from app.core.work import Work


def in_json(statement: Select[Any], shape: type[BaseModel]) -> Select[Any]:
    """A statement that gives the one row of another as JSON text."""
    reads.check(statement, shape)
    row = reads.wire(statement).subquery()
    return select(cast(func.row_to_json(row.table_valued()), Text))


async def answered(
    work: Work, statement: Select[Any], parameters: Mapping[str, Any], *, missing: type[NotFound] = NotFound
) -> Response:
    """What such a statement finds."""
    text = (await work.execute(statement, parameters)).scalar_one_or_none()
    if text is None:
        raise missing
    body = str(text).encode()
    return reads.answer(work, body, reads.hash_tag(body))


async def derived(work: Work, statement: Select[Any], *, shape: type[BaseModel]) -> Response:
    """The one row of a statement as JSON."""
    return await answered(work, in_json(statement, shape), {})
