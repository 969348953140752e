"""Answers that are more than their body."""

from uuid import UUID

from fastapi import Response


def accepted(response: Response, operation_id: UUID) -> Response:
    """202 with the place where the progress of the operation is told."""
    response.status_code = 202
    response.headers["Location"] = f"/api/v1/operations/{operation_id}"
    return response
