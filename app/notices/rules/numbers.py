"""发文字号: 机关代字〔year〕n号 (《党政机关公文处理工作条例》 art. 9; GB/T 9704-2012, 7.2.5).

Strict for what we issue: hexagonal brackets U+3014 and U+3015, the full year, no 第 and no leading zero.
Lenient for what others sent us: 昌州社党工字〔2015〕08号 is real."""

import re
from typing import Final

SIGN: Final = "^[\u4e00-\u9fa5]{1,12}$"
ISSUED: Final = "^[\u4e00-\u9fa5]{1,12}〔[0-9]{4}〕[1-9][0-9]*号$"
_OTHERS: Final = re.compile(
    r"[^\s〔\[\]【(（]{1,40}\s*[〔\[【(（]\s*\d{4}\s*(?:年)?[〕\]】)）]\s*第?\s*\d{1,6}\s*号"
)


def is_sign(text: str) -> bool:
    """Whether this can be a 机关代字: one to twelve Chinese characters."""
    return re.fullmatch(SIGN, text) is not None


def document_number(sign: str, year: int, serial: int) -> str:
    """The number of a document as it is printed. Raises ValueError for what no number can be."""
    number = f"{sign}〔{year}〕{serial}号"
    if re.fullmatch(ISSUED, number) is None:
        raise ValueError("document_number")
    return number


def is_recorded_number(text: str) -> bool:
    """Whether somebody else's number can be one: any brackets, zeros and 第 allowed."""
    return _OTHERS.fullmatch(text.strip()) is not None
