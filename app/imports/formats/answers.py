"""Answers that are more than their body."""

from fastapi import Response

from app.core import reads
from app.core.work import Work
from app.files.formats import attachment
from app.imports.formats.templates import Made


def template(work: Work, made: Made) -> Response:
    """A file that was made for this answer, as an attachment; its digest is the ETag."""
    tag = reads.hash_tag(made.data)
    if not work.if_none_match.isdisjoint({tag, "*"}):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(
        made.data,
        media_type=made.media_type.value,
        headers=attachment(made.name, size=len(made.data), tag=tag),
    )
