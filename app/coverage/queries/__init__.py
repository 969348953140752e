"""What coverage answers."""

from app.coverage.queries.answers import coverage, ranking
from app.coverage.queries.lists import blank_spots
from app.coverage.queries.lists import organizations_of as organizations
from app.coverage.queries.series import series

__all__ = ["blank_spots", "coverage", "organizations", "ranking", "series"]
