"""The issued document as a file, made of what was frozen."""

import json
from urllib.parse import quote
from uuid import UUID

from fastapi import Response
from sqlalchemy import select

from app.core.access import Permission
from app.core.work import Work
from app.notices import errors, formats
from app.notices.models import Notice, NoticeDocument
from app.notices.queries import sight
from app.notices.rules import document as documents

N, D = Notice, NoticeDocument


async def document(work: Work, notice_id: UUID, form: formats.DocumentForm) -> Response:
    """The file of an issued notice; its ETag is the digest of what was frozen, and the form.

    Raises `NoticeNotFound`, `NoticeNotIssued`, `DocumentFontsMissing`, `DocumentTooLarge`."""
    seen = sight.visible(work.actor, work.actor.scope(Permission.NOTICE_READ))
    row = (
        await work.execute(
            select(N.title, N.number, D.content, D.sha256)
            .outerjoin(D, D.notice_id == N.id)
            .where(N.id == notice_id, seen)
        )
    ).one_or_none()
    if row is None:
        raise errors.NoticeNotFound
    if row.content is None:
        raise errors.NoticeNotIssued
    tag = f'"{row.sha256}-{form}"'
    if not work.if_none_match.isdisjoint({tag, "*"}):
        return Response(status_code=304, headers={"ETag": tag})
    await work.session.rollback()  # the connection is free while the pages are set
    frozen = documents.from_json(json.loads(row.content)["document"])
    try:
        data = await formats.rendered(frozen, form, work.settings.font_dir)
    except formats.FontsMissing as error:
        raise errors.DocumentFontsMissing from error
    except formats.DocumentTooLong as error:
        raise errors.DocumentTooLarge from error
    name = quote(f"{row.number or ''}{row.title}.{form}".replace("/", "-"), safe="")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "ETag": tag,
    }
    return Response(data, media_type=form.media_type, headers=headers)
