"""What is asked of dues. Row-level security follows the member below every statement here."""

from app.dues.queries.accounts import (
    Payer,
    account,
    arrears,
    body_division,
    counts,
    due,
    payer,
    payers,
    payment_for_update,
    read_payment,
    sheet,
    standards_for_update,
)
from app.dues.queries.owed import DUTIFUL
from app.dues.queries.reductions import (
    page_reductions,
    read_reduction,
    reduction_for_update,
)

__all__ = [
    "DUTIFUL",
    "Payer",
    "account",
    "arrears",
    "body_division",
    "counts",
    "due",
    "page_reductions",
    "payer",
    "payers",
    "payment_for_update",
    "read_payment",
    "read_reduction",
    "reduction_for_update",
    "sheet",
    "standards_for_update",
]
