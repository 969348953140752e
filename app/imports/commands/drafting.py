"""Rows on their way into the ledger: names looked up, values checked, what is left unsaid filled in."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from app.core.work import Work
from app.imports import errors, formats, queries
from app.imports.formats import Draft, Layout, Record
from app.imports.queries import Names
from app.imports.rules import BY_FIELD, UnknownAuthorities, ValueKind
from app.organizations.rules import OrganizationKind, RegistrationMode

_CODE: Final = re.compile(r"([0-9A-Z]{6}(?:[0-9A-Z]{3}){0,2})(?:\D.*)?")
_SHORTEST_NAME: Final = 2


async def drafts(
    work: Work, records: Sequence[Record], layout: Layout, *, division_code: str, unknown: UnknownAuthorities
) -> list[Draft]:
    """The rows of records, each checked by the types of the single route or refused with its reasons."""
    found = [formats.read(record, layout) for record in records]
    names = await queries.named(
        work, division_code, _said(found, ValueKind.AUTHORITY), _said(found, ValueKind.DIVISION)
    )
    for draft in found:
        _resolve(draft, layout, names, unknown)
        formats.check(draft, layout)
    return found


def _said(found: Sequence[Draft], kind: ValueKind) -> set[str]:
    said = {v for draft in found for name, v in draft.values.items() if _kind(name) is kind}
    return {name for text in said for name in _endings(text)} if kind is ValueKind.DIVISION else said


def _kind(name: str) -> ValueKind:
    return BY_FIELD[name].kind


def _endings(text: str) -> list[str]:
    """A name, and what may be its last part: 广东省广州市南沙区 ends in 南沙区."""
    return [text[at:] for at in range(max(len(text) - _SHORTEST_NAME + 1, 1))][:40]


def _resolve(draft: Draft, layout: Layout, names: Names, unknown: UnknownAuthorities) -> None:
    """Put codes and ids in the place of names. Divisions first: authorities are told apart by them."""
    order = (ValueKind.DIVISION, ValueKind.AUTHORITY, ValueKind.INDUSTRY)
    value: str | UUID | None
    for name in sorted(draft.values, key=lambda n: order.index(_kind(n)) if _kind(n) in order else -1):
        kind, text = _kind(name), draft.values[name]
        if kind is ValueKind.DIVISION:
            value, code = _division(text, names)
        elif kind is ValueKind.AUTHORITY:
            value, code = _authority(text, names, draft.values.get("division_code"))
            if code == "authority_name_unknown" and unknown is UnknownAuthorities.LEAVE_OUT:
                draft.note(
                    name, "authority_left_out", errors.words("authority_left_out"), layout.heading(name)
                )
                del draft.values[name]
                continue
        elif kind is ValueKind.INDUSTRY:
            value, code = names.industries.get(text), "industry_unknown"
        else:
            continue
        if value is None:
            draft.refuse(name, code, errors.words(code), layout.heading(name))
        else:
            draft.values[name] = value


def _division(text: str, names: Names) -> tuple[str | None, str]:
    coded = _CODE.fullmatch(text.upper())
    if coded:
        return coded[1], ""
    for name in _endings(text):
        candidates = names.divisions.get(name, [])
        if len(candidates) == 1:
            return candidates[0], ""
        if candidates:
            return None, "division_name_ambiguous"
    return None, "division_name_unknown"


def _authority(text: str, names: Names, division_code: Any) -> tuple[UUID | None, str]:
    try:
        return UUID(text), ""
    except ValueError:
        candidates = names.authorities.get(text, [])
    if len(candidates) > 1:
        candidates = [found for found in candidates if found[1] == division_code]
        if len(candidates) != 1:
            return None, "authority_name_ambiguous"
    return (candidates[0][0], "") if candidates else (None, "authority_name_unknown")


async def complete(
    work: Work, found: Sequence[Draft], layout: Layout, *, division_code: str, mode: RegistrationMode | None
) -> None:
    """What new organizations need and their rows leave unsaid; what the ledger has already is left alone.

    A row without a credit code is refused where an organization of its name is registered in its division:
    whether it is the same one nobody could tell."""
    ready = [draft for draft in found if draft.row is not None and not draft.refused]
    here = await queries.here(work, {draft.credit_code for draft in ready if draft.credit_code})
    nameless = {draft.name for draft in ready if not draft.credit_code and draft.name}
    taken = await queries.same_names(work, nameless, division_code) if nameless else {}
    for draft in ready:
        if draft.credit_code in here or draft.row is None:
            continue
        facts = {"division_code": division_code, **draft.row.facts}
        facts.setdefault("registration_mode", mode or _mode(facts))
        draft.row = replace(draft.row, facts=facts)
        if not draft.credit_code and (draft.name or "", facts["division_code"]) in taken:
            draft.refuse("name", "same_name_here", errors.words("same_name_here"), layout.heading("name"))


def _mode(facts: dict[str, Any]) -> RegistrationMode:
    if facts.get("kind") == OrganizationKind.COMMUNITY_FILED:
        return RegistrationMode.FILED
    return RegistrationMode.DUAL if facts.get("supervisory_unit_id") else RegistrationMode.DIRECT
