"""What intake reads: its own tables, and the ledger to find what a message is about."""

from app.intake.queries import inbox, ledger, sources

__all__ = ["inbox", "ledger", "sources"]
