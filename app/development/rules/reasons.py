"""A reason against a step: by which rule, what to do, since or until when."""

from dataclasses import dataclass
from datetime import date

from app.development.rules.pack import Force, Node, Rule, Words


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. `bring` marks what may come with the step itself; the others have to pass or be settled
    first."""

    step: str
    code: str
    rule: Rule
    words: Words
    force: Force = Force.BLOCK
    about: str | None = None
    since: date | None = None
    until: date | None = None
    provisional: bool = False
    bring: bool = False


def reason(
    node: Node,
    code: str,
    words: Words,
    *,
    force: Force = Force.BLOCK,
    about: str | None = None,
    since: date | None = None,
    until: date | None = None,
    provisional: bool = False,
    bring: bool = False,
) -> Reason:
    """A reason under the step's own rule."""
    return Reason(node.code, code, node.rule, words, force, about, since, until, provisional, bring)
