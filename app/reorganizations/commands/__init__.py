"""The verbs of reorganizing."""

from app.reorganizations.commands.changing import dissolve, merge, split, upgrade

__all__ = ["dissolve", "merge", "split", "upgrade"]
