"""What is asked of warnings."""

from app.warnings.queries.closing import Now, bodies_of, closing
from app.warnings.queries.found import found
from app.warnings.queries.shown import counts, page, visible

__all__ = ["Now", "bodies_of", "closing", "counts", "found", "page", "visible"]
