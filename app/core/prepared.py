"""What is remembered of reads: statements as they went to PostgreSQL, to be sent again with other keys.

A statement is remembered where an endpoint asked this one and nothing else, and looked at no clock but the
day. Which of its arguments is the path's is told by identity, and believed when two requests with different
paths differed in nothing else.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from fastapi import Response
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import work as units
from app.core.access import Actor, Scope
from app.core.work import Shell, Work

KEPT = 4096

Finish = Callable[[Work, Sequence[Any], Any], Response]
"""Makes the answer of a work, rows and a question; the same for the first time and for every replay."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A statement with its arguments; `after` are the places of a cursor's keys. How many rows a page has is
    part of the text: planned once without it, a tenth of the table would be believed to be wanted."""

    text: str
    arguments: tuple[Any, ...]
    finish: Finish
    after: tuple[int, ...] = ()
    revive: Any = None
    path: Mapping[int, str] | None = None

    async def replay(self, connection: Any, work: Work, path: Mapping[str, Any], question: Any) -> Response:
        """Ask again, for another path or another page."""
        arguments = list(self.arguments)
        for place, name in (self.path or {}).items():
            arguments[place] = path[name]
        if self.after:
            for place, key in zip(self.after, self.revive(question.cursor), strict=True):
                arguments[place] = key
        return self.finish(work, await connection.fetch(self.text, *arguments), question)


class Memory:
    """Statements by what they may depend on; those that were used longest ago are let go."""

    def __init__(self) -> None:
        self._known: OrderedDict[Any, tuple[Replay, Mapping[str, Any], bool]] = OrderedDict()
        self._texts: dict[str, str] = {}

    def find(self, key: Any, path: Mapping[str, Any]) -> Replay | None:
        """The statement for this question, if it is known to fit this path."""
        found = self._known.get(key)
        if found is None:
            return None
        replay, seen, sure = found
        if not sure and seen != path:
            return None
        self._known.move_to_end(key)
        return replay

    def keep(self, key: Any, replay: Replay, path: Mapping[str, Any]) -> None:
        """Remember a statement; with the second path it is seen which arguments were the path's."""
        places = {
            number: name
            for number, argument in enumerate(replay.arguments)
            for name, value in path.items()
            if argument is value
        }
        known = Replay(
            self._texts.setdefault(replay.text, replay.text),
            replay.arguments,
            replay.finish,
            replay.after,
            replay.revive,
            places,
        )
        before = self._known.get(key)
        sure = not path or (before is not None and _alike(before[0], known) and _differ(before[1], path))
        self._known[key] = (known, dict(path), sure)
        self._known.move_to_end(key)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        if len(self._texts) > KEPT:
            self._texts.clear()


def _alike(one: Replay, other: Replay) -> bool:
    """Whether two statements differ in nothing but the arguments that are the path's or the cursor's."""
    free = {*(one.path or {}), *one.after}
    return (
        one.text == other.text
        and one.path == other.path
        and len(one.arguments) == len(other.arguments)
        and all(one.arguments[n] == other.arguments[n] for n in range(len(one.arguments)) if n not in free)
    )


def _differ(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[name] != value for name, value in other.items())


class Reading(Work):
    """A work that only reads: its session is opened when it is asked for, and so is the clock looked at.

    With a scope it reads tables of people: in a transaction that has told it to row-level security."""

    __slots__ = ("_moment", "_scope", "_session", "_shell", "looked_at_clock", "replay", "used_session")

    def __init__(
        self, shell: Shell, actor: Actor, now: datetime, scope: Scope | None = None, **context: Any
    ) -> None:
        self._shell = shell
        self._scope = scope
        self._session: AsyncSession | None = None
        self.replay: Replay | None = None
        super().__init__(None, actor, now, shell.settings, shell.crypto, **context)  # type: ignore[arg-type]
        self.used_session = self.looked_at_clock = False

    @property
    def plain(self) -> bool:
        """Whether one remembered statement was all that it asked."""
        return not self.used_session and not self.looked_at_clock

    @property
    def day(self) -> date:
        """Today, for the key of what is remembered."""
        return self._moment.astimezone(units.SHANGHAI).date()

    @property
    def today(self) -> date:
        return self.day

    @property
    def now(self) -> datetime:
        self.looked_at_clock = True
        return self._moment

    @now.setter
    def now(self, moment: datetime) -> None:
        self._moment = moment

    @property
    def session(self) -> AsyncSession:
        self.used_session = True
        return self._opened()

    @session.setter
    def session(self, _: AsyncSession | None) -> None:
        self.used_session = False

    def _opened(self) -> AsyncSession:
        if self._session is None:
            self._session = units.new_session(self._shell, reading=self._scope is None)
        return self._session

    async def sent(self, statement: Select[Any]) -> tuple[Sequence[Any], str, tuple[Any, ...], Sequence[str]]:
        """The rows of a statement, its text and arguments as they went out, and the arguments' names."""
        if self._session is None and self._scope is not None:
            await units.admit(self._opened(), self._scope)
        connection = await self._opened().connection()
        result: Any = await connection.execute(statement)
        context = result.context
        if self.replay is not None:
            self.used_session = True  # a second statement: neither is all
        lists = context._expanded_parameters  # noqa: SLF001 (numbered last, each value by itself)
        inline = {bind.key for bind in context.compiled.literal_execute_params}
        names = [n for n in context.compiled.positiontup or () if n not in lists and n not in inline]
        return result.all(), context.statement, context.parameters[0], names

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()
