"""The rule packs of this slice that hold on a day for a registration."""

from datetime import date
from typing import TypeVar

from pydantic import ValidationError

from app.core.fields import Input
from app.core.work import Work
from app.duties import rules
from app.duties.errors import DutyPackInvalid
from app.duties.queries import Registration
from app.duties.schemas import EstablishmentContent, RegistrationDutiesContent
from app.reference import queries as reference
from app.reference.rules import RulePack

Content = TypeVar("Content", bound=Input)


async def duty_pack(work: Work, registration: Registration, on: date) -> rules.DutyPack | None:
    """The terms of the nearest jurisdiction; None where none held yet. Raises `DutyPackInvalid`."""
    pack = await reference.pack_for(work, "registration_duties", registration.path, on)
    return None if pack is None else _content(RegistrationDutiesContent, pack).plain(pack.id)


async def establishment_pack(work: Work, registration: Registration, on: date) -> rules.EstablishmentPack:
    """The thresholds of the nearest jurisdiction. Raises `DutyPackInvalid`, also where there are none at
    all."""
    pack = await reference.pack_for(work, "establishment", registration.path, on)
    if pack is None:
        raise DutyPackInvalid(pack="establishment", problem="none in force")
    return _content(EstablishmentContent, pack).plain(pack.id)


def _content(shape: type[Content], pack: RulePack) -> Content:
    try:
        return shape.model_validate(pack.content)
    except ValidationError as error:
        first = error.errors()[0]
        problem = f"{'/'.join(str(part) for part in first['loc'])}: {first['type']}"
        raise DutyPackInvalid(pack=pack.code, problem=problem) from None
