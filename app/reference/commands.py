"""The verbs of reference data."""

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from app.core.work import Work
from app.reference.models import DataVersion


async def remember(work: Work, name: str, version: str) -> bool:
    """Note that this version of a set of default data is loaded; False when it was noted before."""
    noted = await work.execute(
        insert(DataVersion)
        .values(name=name, version=version)
        .on_conflict_do_update(
            index_elements=[DataVersion.name],
            set_={"version": version, "loaded_at": func.now()},
            where=DataVersion.version != version,
        )
        .returning(DataVersion.name)
    )
    return noted.first() is not None
