"""The verbs of exports: ask for one, and make it."""

from app.exports.commands.asking import ask
from app.exports.commands.making import SILENCE, make
from app.exports.rules import KIND

__all__ = ["KIND", "SILENCE", "ask", "make"]
