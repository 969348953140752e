"""The rule packs of this slice that hold on a day for a registration."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import TypeVar
from uuid import UUID

from pydantic import ValidationError

from app.core.fields import Input
from app.core.work import Work
from app.duties import rules
from app.duties.errors import DutyPackInvalid
from app.duties.queries import Registration
from app.duties.schemas.packs import EstablishmentContent, RegistrationDutiesContent
from app.reference import queries as reference
from app.reference.rules import RulePack, overlays

Content = TypeVar("Content", bound=Input)


async def duty_packs(
    work: Work, registrations: Iterable[Registration], until: date
) -> Callable[[Registration, date], rules.DutyPack | None]:
    """What gives the terms of the nearest jurisdiction on a day up to `until`; None where none held yet.

    Raises `DutyPackInvalid`, then or when it is asked."""
    codes = sorted({code for registration in registrations for code in registration.path})
    published = await reference.published_packs(work, "registration_duties", codes, until)

    @cache
    def nearest(path: tuple[str, ...], on: date) -> rules.DutyPack | None:
        held = overlays(published, path, on)
        return _plain(held[-1]) if held else None

    plain: dict[UUID, rules.DutyPack] = {}

    def _plain(pack: RulePack) -> rules.DutyPack:
        if pack.id not in plain:
            plain[pack.id] = _content(RegistrationDutiesContent, pack).plain(pack.id)
        return plain[pack.id]

    return lambda registration, on: nearest(registration.path, on)


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
