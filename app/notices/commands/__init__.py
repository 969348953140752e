"""The verbs of supervision notices."""

from app.notices.commands.answering import (
    ask_extension,
    close,
    decide_extension,
    receive,
    record_minutes,
    reply,
    verify,
)
from app.notices.commands.drafting import change, decide, draft, record, submit
from app.notices.commands.issuing import issue, withdraw
from app.notices.commands.judging import escalate, mark_overdue, propose, recount
from app.notices.commands.rectifying import close as close_rectification
from app.notices.commands.rectifying import open_item as open_rectification
from app.notices.commands.rectifying import report as report_rectification
from app.notices.commands.signs import register as register_sign

__all__ = [
    "ask_extension",
    "change",
    "close",
    "close_rectification",
    "decide",
    "decide_extension",
    "draft",
    "escalate",
    "issue",
    "mark_overdue",
    "open_rectification",
    "propose",
    "receive",
    "record",
    "record_minutes",
    "recount",
    "register_sign",
    "reply",
    "report_rectification",
    "submit",
    "verify",
    "withdraw",
]
