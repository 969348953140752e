"""Keeping the closure: deleted and climbed anew for exactly the codes that a change can touch."""

from collections.abc import Iterable

from sqlalchemy import delete, func, insert, select, text

from app.core.work import Work
from app.divisions import queries
from app.divisions.models import Division, DivisionClosure, DivisionName, DivisionParent, DivisionSuccessor

COLUMNS = ("ancestor_code", "descendant_code", "depth", "valid")


async def rehang(work: Work, codes: Iterable[str]) -> None:
    """Renew the closure of everything that hung below one of these codes on any day."""
    await work.session.flush()
    touched = sorted(set(await work.scalars(queries.below_any_day(codes))))
    await work.execute(delete(DivisionClosure).where(DivisionClosure.descendant_code.in_(touched)))
    rows = queries.closure_rows(select(Division.code).where(Division.code.in_(touched)))
    await work.execute(insert(DivisionClosure).from_select(COLUMNS, rows))


async def analyze(work: Work) -> None:
    """Fresh statistics after a bulk load: until autovacuum comes, PostgreSQL would plan for empty tables."""
    for table in (Division, DivisionName, DivisionParent, DivisionSuccessor, DivisionClosure):
        await work.execute(text(f"ANALYZE {table.__tablename__}"))


async def rebuild(work: Work) -> None:
    """Renew the whole closure, in seconds rather than the milliseconds that a request may take."""
    await work.session.flush()
    await work.execute(select(func.set_config("statement_timeout", "60s", True)))
    await work.execute(delete(DivisionClosure))
    await work.execute(
        insert(DivisionClosure).from_select(COLUMNS, queries.closure_rows(select(Division.code)))
    )
