"""Authorities: which parts a public body plays for social organizations, and when."""

from enum import StrEnum
from typing import Final


class AuthorityRoleCode(StrEnum):
    """What an authority is for social organizations. Roles are dated, never read from a name: the reform of
    2023 moved leadership from organization departments to social-work departments."""

    REGISTRATION_AUTHORITY = "registration_authority"
    SUPERVISORY_UNIT = "supervisory_unit"
    INDUSTRY_AUTHORITY = "industry_authority"
    CIVIL_AFFAIRS = "civil_affairs"
    APPROVAL_BUREAU = "approval_bureau"
    JUSTICE_BUREAU = "justice_bureau"
    SOCIAL_WORK_DEPARTMENT = "social_work_department"
    NEW_SECTOR_COMMITTEE = "new_sector_committee"
    ORGANIZATION_DEPARTMENT = "organization_department"


ROLE_WORDS: Final[dict[AuthorityRoleCode, tuple[str, str]]] = {
    AuthorityRoleCode.REGISTRATION_AUTHORITY: ("登记管理机关", "registration authority"),
    AuthorityRoleCode.SUPERVISORY_UNIT: ("业务主管单位", "supervisory unit"),
    AuthorityRoleCode.INDUSTRY_AUTHORITY: ("行业主管部门", "industry authority"),
    AuthorityRoleCode.CIVIL_AFFAIRS: ("民政部门", "civil affairs department"),
    AuthorityRoleCode.APPROVAL_BUREAU: ("行政审批局", "approval bureau"),
    AuthorityRoleCode.JUSTICE_BUREAU: ("司法行政部门", "justice bureau"),
    AuthorityRoleCode.SOCIAL_WORK_DEPARTMENT: ("社会工作部", "social work department"),
    AuthorityRoleCode.NEW_SECTOR_COMMITTEE: (
        "两新工委",
        "committee for new sectors",
    ),
    AuthorityRoleCode.ORGANIZATION_DEPARTMENT: ("组织部", "organization department"),
}

BY_INDUSTRY: Final = frozenset({AuthorityRoleCode.INDUSTRY_AUTHORITY})
"""Roles that are held for one industry; every other role is held for the division as a whole."""


def industry_fits(role: AuthorityRoleCode, industry: str | None) -> bool:
    """An industry authority names its industry (谁主管谁负责); no other role has one."""
    return (industry is not None) == (role in BY_INDUSTRY)
