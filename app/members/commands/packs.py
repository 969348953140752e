"""The clocks of members that hold today: the rule pack `membership` of the nearest jurisdiction."""

from pydantic import ValidationError

from app.core.work import Work
from app.members import queries
from app.members.errors import MembershipPackMissing
from app.members.rules import MembershipPack
from app.members.schemas import MembershipContent
from app.reference import queries as reference


async def membership(work: Work, division_code: str) -> MembershipPack:
    """The months and days that count in a division. Raises `MembershipPackMissing`."""
    path = await queries.path_to(work, division_code)
    pack = await reference.pack_for(work, "membership", path, work.today)
    if pack is None:
        raise MembershipPackMissing
    try:
        return MembershipContent.model_validate(pack.content).plain()
    except ValidationError:
        raise MembershipPackMissing from None
