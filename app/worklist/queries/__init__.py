"""What waits for the caller."""

from app.worklist.queries.waiting import worklist

__all__ = ["worklist"]
