"""A standard as one YAML file: no anchors, no tags, and every fault by its line.

Scalars stay the text that was written, so that 0.1 is 0.1; only true, false and null are taken as such."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import yaml

from app.core.errors import Fault
from app.scoring.formats.contents import Unreadable, standard_of
from app.scoring.rules import Standard

DEEPEST: Final = 12
PLAIN: Final = {"true": True, "false": False, "null": None, "~": None, "": None}

Lines = dict[str, int]
"""The line on which what a pointer names begins, from 1."""


def read_yaml(text: str) -> tuple[dict[str, Any], Lines]:
    """The content of a file and the line of each part of it. Raises `Unreadable`, by line."""
    lines: Lines = {}
    try:
        events = _events(text)
        value = _value(next(events), events, "", lines)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _unreadable(mark.line + 1 if mark else 1, "yaml", "不是正确的YAML", "is not YAML") from None
    if not isinstance(value, dict):
        raise _unreadable(1, "yaml", "须为一个映射", "must be a mapping")
    return value, lines


def _events(text: str) -> Iterator[yaml.Event]:
    """The events of one document, from its first node on, within bounds."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = _line(event)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _unreadable(line, "yaml", "只能有一个文档", "one document only")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _unreadable(line, "anchor", "不能用锚点和别名", "no anchors and aliases")
        depth += isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent))
        depth -= isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent))
        if depth > DEEPEST:
            raise _unreadable(line, "too_deep", "嵌套过深", "is nested too deeply")
        if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
            yield event
    if not documents:
        raise _unreadable(1, "empty", "文件是空的", "the file is empty")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _value(event: yaml.Event, events: Iterator[yaml.Event], at: str, lines: Lines) -> Any:
    line = _line(event)
    lines.setdefault(at, line)
    if isinstance(event, yaml.ScalarEvent):
        return PLAIN.get(event.value, event.value) if event.style is None else event.value
    if isinstance(event, yaml.SequenceStartEvent):
        made: list[Any] = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            made.append(_value(inner, events, f"{at}/{len(made)}", lines))
        return made
    found: dict[str, Any] = {}
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        line = _line(key)
        if not isinstance(key, yaml.ScalarEvent):
            raise _unreadable(line, "key", "键须为文字", "a key must be text")
        if key.value in found:
            raise _unreadable(line, "twice", "该键重复", "this key is there twice")
        lines[f"{at}/{key.value}"] = line
        found[key.value] = _value(next(events), events, f"{at}/{key.value}", lines)
    return found


def write_yaml(content: Mapping[str, Any]) -> str:
    """The same as a file for people: in the order of the standard, UTF-8, wide lines."""
    written: str = yaml.dump(
        dict(content),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=100,
        default_flow_style=False,
    )
    return written


class _Dumper(yaml.SafeDumper):
    """Repeated lists are written out: an anchor could not be read back."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _unreadable(line: int, code: str, zh: str, en: str) -> Unreadable:
    return Unreadable([Fault(f"/{line}", code, (f"第{line}行: {zh}", f"Line {line}: {en}"))])


def standard_of_yaml(text: str) -> Standard:
    """The standard of a file. Raises `Unreadable`, by line."""
    content, lines = read_yaml(text)
    try:
        return standard_of(content)
    except Unreadable as error:
        raise Unreadable(by_line(error.faults, lines)) from None


def by_line(faults: Sequence[Fault], lines: Lines) -> list[Fault]:
    """The same faults at their lines: of what is missing, the line of what it is missing from."""
    placed = []
    for fault in faults:
        at = fault.pointer
        while at and at not in lines:
            at = at.rpartition("/")[0]
        line, (zh, en) = lines.get(at, 1), fault.message
        name = fault.pointer.lstrip("/")
        words = (f"第{line}行 ({name}): {zh}", f"Line {line} ({name}): {en}")
        placed.append(Fault(f"/{line}", fault.code, words))
    return placed
