"""The verbs of dues, and the reports that ask the rule packs."""

from app.dues.commands.accounts import arrears, count, read_account, set_standard, sheet
from app.dues.commands.collecting import cancel_payment, collect
from app.dues.commands.reductions import agree, apply_for, approve, reject

__all__ = [
    "agree",
    "apply_for",
    "approve",
    "arrears",
    "cancel_payment",
    "collect",
    "count",
    "read_account",
    "reject",
    "set_standard",
    "sheet",
]
