"""From JSON to a standard: every field known, every number a number, every fault at its pointer."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from app.core.errors import Fault
from app.core.fields import JsonObject
from app.scoring import rules
from app.scoring.rules import Overlay, Standard, Wrong

MOST: Final = 100
WORDS: Final = {
    "unexpected_keyword_argument": ("没有这个字段, 请去掉或改正拼写", "There is no such field"),
    "missing": ("缺少此项, 请补上", "This is required; add it"),
    "enum": ("不是可用的取值", "is not one of the values"),
    "decimal_parsing": ("须为数字", "must be a number"),
}
_SAFE: Final = TypeAdapter[dict[str, Any]](JsonObject)
M = TypeVar("M", bound=BaseModel)
_OTHER: Final = ("格式不符", "is not as it must be")


class Unreadable(ValueError):  # noqa: N818 (an answer with its faults)
    """What is no standard, with every fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("unreadable")
        self.faults = tuple(faults)


class _StandardFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    it: Standard


class _OverlayFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    it: Overlay


def standard_of(content: Mapping[str, Any]) -> Standard:
    """A standard from its JSON; it may still be unfit for publishing. Raises `Unreadable`."""
    made = _read(_StandardFile, content).it
    if wrongs := rules.unreadable(made):
        raise Unreadable(reviewed(wrongs))
    return made


def overlay_of(content: Mapping[str, Any]) -> Overlay:
    """An overlay from its JSON. Raises `Unreadable`."""
    return _read(_OverlayFile, content).it


def reviewed(wrongs: Sequence[Wrong]) -> list[Fault]:
    """What the rules found, as faults of a problem."""
    return [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs[:MOST]]


def _read(shape: type[M], content: Mapping[str, Any]) -> M:
    try:
        return shape.model_validate({"it": _SAFE.validate_python(content)})
    except ValidationError as error:
        faults = []
        for found in error.errors(include_url=False, include_input=False)[:MOST]:
            steps = [str(step) for step in found["loc"] if step != "it"]
            words = WORDS.get(found["type"], _OTHER)
            faults.append(Fault("".join(f"/{step}" for step in steps), found["type"], words))
        raise Unreadable(faults) from None
