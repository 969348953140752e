"""A list as a file: what it holds, who may have it, and what becomes of it."""

from typing import Any

from tests.exports.conftest import Office, sheets
from tests.make.organizations import credit_code, organization


async def test_a_workbook_says_what_it_is(office: Office) -> None:
    """Rows on one sheet, their story on the other; codes are text, days are days, masks stay masks."""
    clerk = await office.actors("clerk", division="440000")
    for serial in (1, 2):
        await organization(
            office.api,
            clerk,
            name=f"社会组织{serial}",
            credit_code=credit_code(serial),
            contact_name="某某",
            contact_phone="13800138000",
        )
    made = await office.made(clerk, "list_organizations", filters={"division": "440115"})
    assert (made["rows"], made["format"], made["language"]) == (2, "xlsx", "zh")
    assert made["note_file"] is None
    got = await office.download(clerk, made["file"])
    assert "filename*=UTF-8''%E7%A4%BE%E4%BC%9A%E7%BB%84%E7%BB%87_" in got.headers["content-disposition"]
    book = sheets(got.content)
    print(book)
    assert list(book) == ["数据", "说明"]
