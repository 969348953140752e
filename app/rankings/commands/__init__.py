"""Rankings: made once, frozen, and verified."""

from app.rankings.commands.making import make, verify

__all__ = ["make", "verify"]
