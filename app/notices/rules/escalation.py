"""催办升级: after so many working days without an answer, which kind of notice is proposed next.

The ladder is a rule pack (`notice_escalation`); the calendar proposes, a person issues."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.notices.rules.life import NoticeKind

PACK: Final = "notice_escalation"


@dataclass(frozen=True, slots=True)
class Rung:
    """From kinds that went unanswered for so many working days to the kind that follows."""

    after_days: int
    of: frozenset[NoticeKind]
    propose: NoticeKind
    answer_days: int
    source: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs in force, with the pack they come from."""

    id: UUID
    rungs: tuple[Rung, ...]

    def next_rung(self, kind: NoticeKind, days_overdue: int) -> Rung | None:
        """The rung that an unanswered notice of a kind has reached; the farthest of several."""
        reached = [r for r in self.rungs if kind in r.of and days_overdue >= r.after_days]
        return max(reached, key=lambda r: r.after_days, default=None)


def ladder(pack_id: UUID, content: Mapping[str, Any]) -> Ladder:
    """A published pack as rungs. Raises LookupError when it is not as packs of its kind are."""
    try:
        rungs: Iterable[Mapping[str, Any]] = content["rungs"]
        return Ladder(
            pack_id,
            tuple(
                Rung(
                    int(rung["after_working_days"]),
                    frozenset(NoticeKind(kind) for kind in rung["from"]),
                    NoticeKind(rung["propose"]),
                    int(rung["answer_working_days"]),
                    str(rung["source"]),
                )
                for rung in rungs
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LookupError(f"a rule pack `{PACK}` is not as packs of its kind are") from error
