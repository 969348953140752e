"""Pure checks of single values: each returns the normalised value or refuses it by a code.

A refusal is a `PydanticCustomError` whose message never holds the value; `MESSAGES` gives both languages.
"""

import re
import unicodedata
from typing import Final

from pydantic_core import PydanticCustomError
from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "blank": ("不能为空白", "must not be blank"),
    "text_too_long": ("超过允许的长度", "is longer than allowed"),
    "text_control_character": (
        "含有控制字符、双向控制符或不可见字符",
        "holds a control, bidirectional or invisible character",
    ),
    "credit_code_length": ("统一社会信用代码应为18位", "a credit code has 18 characters"),
    "credit_code_alphabet": (
        "统一社会信用代码只用数字和除I、O、Z、S、V以外的大写字母, 第3至8位为数字",
        "a credit code uses digits and capital letters without I, O, Z, S, V; characters 3 to 8 are digits",
    ),
    "credit_code_class": (
        "统一社会信用代码的登记部门和机构类别不符合GB 32100-2015",
        "the first two characters name no authority and class of GB 32100-2015",
    ),
    "credit_code_check_digit": (
        "统一社会信用代码的校验码不符",
        "the check digit of the credit code is wrong",
    ),
    "phone_number": (
        "不是有效的电话号码",
        "is not a mainland phone number (mobile, or area code and number)",
    ),
    "id_number_length": ("公民身份号码应为18位或15位", "an ID number has 18 or 15 characters"),
    "id_number_format": ("公民身份号码的格式不符", "is not in the form of an ID number"),
    "id_number_birth_date": ("公民身份号码中的出生日期无效", "the birth date in the ID number is no date"),
    "id_number_check_digit": ("公民身份号码的校验码不符", "the check digit of the ID number is wrong"),
    "division_code": (
        "行政区划代码应为6、9或12位数字或大写字母",
        "a division code has 6, 9 or 12 digits or capital letters",
    ),
    "code_format": ("代码应为小写字母、数字和下划线", "a code is lower_snake: a-z, 0-9 and _"),
    "digest_format": ("应为64位小写十六进制摘要", "must be a digest of 64 lower-case hexadecimal digits"),
    "date_format": ("应为日期, 如2026-11-22", "must be a date like 2026-11-22"),
    "date_range": ("日期应在1900年至2200年之间", "must lie between the years 1900 and 2200"),
    "instant_format": (
        "应为带时区的时刻, 如2026-11-22T08:00:00Z",
        "must be an instant with its offset, like 2026-11-22T08:00:00Z",
    ),
    "decimal_format": ('应为定长小数的字符串, 如"12.50"', 'must be a decimal string like "12.50"'),
    "json_object": ("应为JSON对象", "must be a JSON object"),
    "json_number": ("数值超出范围", "holds a number out of range"),
}


def refuse(code: str) -> PydanticCustomError:
    """The refusal of a field, in English; `MESSAGES` holds both languages."""
    return PydanticCustomError(code, MESSAGES[code][1])


# C0, DEL and C1 controls, soft hyphen, grapheme joiner, Arabic letter mark, Hangul fillers, Mongolian vowel
# separator, zero-width space, bidi marks, separators, embeddings, overrides, isolates, invisible operators,
# BOM, annotations, non-characters, tags. Han variation selectors (U+E0100…) stay: names need them.
_UNSAFE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_BREAKS = re.compile("[\t\n]")
# A joiner is kept where a script or an emoji needs it, and nowhere else: one, between two characters that are
# neither ASCII nor Han nor space.
_PLAIN = "\u0000-\u00ff\u2000-\u206f\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_STRAY_JOINER = re.compile(f"(?:^|[{_PLAIN}])[\u200c\u200d]|[\u200c\u200d](?:$|[{_PLAIN}])")


def clean_text(value: str, *, multiline: bool = False) -> str:
    """Normalise to NFC, trim, and refuse what hides or reorders text; CRLF becomes LF in multiline text."""
    if multiline:
        value = value.replace("\r\n", "\n")
    value = unicodedata.normalize("NFC", value)
    if _UNSAFE.search(value):
        raise refuse("text_control_character")
    value = value.strip()
    if not value:
        raise refuse("blank")
    if _STRAY_JOINER.search(value) or (not multiline and _BREAKS.search(value)):
        raise refuse("text_control_character")
    return value


_CREDIT_CODE = re.compile("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE: Final = {sign: value for value, sign in enumerate(_SIGNS)}
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
CREDIT_CODE_CLASSES: Final[dict[str, str]] = {
    "1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239", "6": "129", "7": "129", "8": "19",
    "9": "123", "A": "19", "N": "1239", "Y": "1",
}  # fmt: skip
"""Authority -> classes (GB 32100-2015, table 1), such as 5 civil affairs: 1 association, 3 foundation."""


def printed_credit_code(value: str) -> str:
    """A credit code as a certificate prints it: length, alphabet and class, without its check digit."""
    value = value.strip().upper()
    if len(value) != 18:
        raise refuse("credit_code_length")
    if _CREDIT_CODE.fullmatch(value) is None:
        raise refuse("credit_code_alphabet")
    if value[1] not in CREDIT_CODE_CLASSES.get(value[0], ""):
        raise refuse("credit_code_class")
    return value


def credit_code(value: str) -> str:
    """A credit code with its check digit (GB 32100-2015 §5)."""
    value = printed_credit_code(value)
    total = sum(weight * _VALUE[sign] for weight, sign in zip(_WEIGHTS, value, strict=False))
    if value[-1] != _SIGNS[-total % 31]:
        raise refuse("credit_code_check_digit")
    return value


_ID_AREA = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]|9.")


def id_number(value: str) -> str:
    """An ID number (GB 11643-1999) of 18 characters; one of 15 digits is lengthened.

    Residence permits (81, 82, 83) and foreign residents' cards (9…) count. The county is not looked up: cards
    keep counties that are gone.
    """
    value = unicodedata.normalize("NFKC", value).strip().upper()
    if len(value) == 15 and value.isascii() and value.isdigit():
        value = f"{value[:6]}19{value[6:]}0"
        value = value[:17] + ric.calc_check_digit(value)
    if len(value) != 18:
        raise refuse("id_number_length")
    if re.fullmatch("[0-9]{17}[0-9X]", value) is None or _ID_AREA.match(value) is None:
        raise refuse("id_number_format")
    try:
        born = ric.get_birth_date(value)
    except InvalidComponent:
        raise refuse("id_number_birth_date") from None
    if born.year < 1850:
        raise refuse("id_number_birth_date")
    if value[-1] != ric.calc_check_digit(value):
        raise refuse("id_number_check_digit")
    return value


_MOBILE = re.compile("1[3-9][0-9]{9}")
_SERVICE = re.compile("[48]00[0-9]{7}")
_LANDLINE = re.compile(
    r"\(?(010|02[0-9]|0[3-9][0-9]{2})\)?[ -]?([2-9][0-9]{3})[ -]?([0-9]{3,4})"
    r"(?: ?(?:-|#|转|ext\.?) ?([0-9]{1,6}))?"
)


def phone_number(value: str) -> str:
    """A mainland number: `13812345678`, `020-84981234`, `020-84981234-801` or `4001234567`."""
    value = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", value)).strip().lower()
    if international := re.match(r"(?:\+|00)86[ -]?(?:\(0\))?", value):
        value = value[international.end() :]
    digits = re.sub("[ -]", "", value)
    if _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return digits
    if international and value[:1] in "123456789":
        value = f"0{value}"
    if landline := _LANDLINE.fullmatch(value):
        area, first, rest, extension = landline.groups()
        return f"{area}-{first}{rest}" + (f"-{extension}" if extension else "")
    raise refuse("phone_number")
