"""What is written of coverage: its roll-ups, from time to time, by the worker."""

from app.coverage.commands.rolling import run, start_again, turn

__all__ = ["run", "start_again", "turn"]
