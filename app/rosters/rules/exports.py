"""What may leave as a list of members, and how it is headed."""

from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What became of a row of an import, or would in a dry run."""

    NEW = "new"
    KNOWN = "known"
    REFUSED = "refused"


class ExportState(StrEnum):
    """Where an export stands: never made before a second person approved it."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    MADE = "made"


class ExportColumn(StrEnum):
    """The columns that may be asked for."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    STATUS = "status"
    JOINED_ON = "joined_on"
    FULL_ON = "full_on"
    BRANCH = "branch"
    DIVISION = "division"
    ORGANIZATION = "organization"
    EMPLOYMENT = "employment"
    SCATTERED = "scattered"
    FLOATING_SINCE = "floating_since"
    CONTACT_LOST_ON = "contact_lost_on"


UNMASKABLE: Final = frozenset({ExportColumn.NAME, ExportColumn.ID_NUMBER, ExportColumn.PHONE})
"""What is masked unless the approved request names it."""

ALWAYS_MASKED: Final = "***"

_HEADINGS: Final = {
    ExportColumn.NAME: "姓名",
    ExportColumn.ID_NUMBER: "公民身份号码",
    ExportColumn.PHONE: "联系电话",
    ExportColumn.STATUS: "党员状态",
    ExportColumn.JOINED_ON: "入党日期",
    ExportColumn.FULL_ON: "转正日期",
    ExportColumn.BRANCH: "所在党支部",
    ExportColumn.DIVISION: "行政区划",
    ExportColumn.ORGANIZATION: "所在社会组织",
    ExportColumn.EMPLOYMENT: "任职关系",
    ExportColumn.SCATTERED: "零散党员",
    ExportColumn.FLOATING_SINCE: "流动起始日期",
    ExportColumn.CONTACT_LOST_ON: "失联起始日期",
}


def heading(column: ExportColumn) -> str:
    """The heading of a column."""
    return _HEADINGS[column]
