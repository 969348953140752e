"""The rule packs that hold today for members of a place."""

from typing import TypeVar

from pydantic import ValidationError

from app.core.fields import Input
from app.core.work import Work
from app.members.errors import MembershipPackMissing
from app.members.rules import MembershipPack, RetentionPack
from app.members.schemas import MembershipContent, RetentionContent
from app.reference import queries as reference

Content = TypeVar("Content", bound=Input)


async def membership(work: Work, division_code: str) -> MembershipPack:
    """The months and days that count in a division. Raises `MembershipPackMissing`."""
    return (await _content(work, "membership", division_code, MembershipContent)).plain()


async def retention(work: Work, division_code: str) -> RetentionPack:
    """How long what is held about people of a division is kept. Raises `MembershipPackMissing`."""
    return (await _content(work, "personal_retention", division_code, RetentionContent)).plain()


async def _content(work: Work, kind: str, division_code: str, shape: type[Content]) -> Content:
    pack = await reference.pack_at(work, kind, division_code, work.today)
    if pack is None:
        raise MembershipPackMissing(kind=kind)
    try:
        return shape.model_validate(pack.content)
    except ValidationError:
        raise MembershipPackMissing(kind=kind) from None
