"""The verbs of standards."""

from app.scoring.commands.drafting import change, draft, overlay
from app.scoring.commands.loading import load_defaults
from app.scoring.commands.publishing import publish, withdraw

__all__ = ["change", "draft", "load_defaults", "overlay", "publish", "withdraw"]
