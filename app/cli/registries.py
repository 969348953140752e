"""`jiceng registry-source …`: let a registry push, and change its secret."""

from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError
from sqlalchemy import select

from app.cli import console
from app.cli.once import once
from app.core.work import Work
from app.intake import commands
from app.intake.models import RegistrySource
from app.intake.rules import SOURCE_RANK, SourceScheme
from app.intake.schemas import SecretCreate, SourceCreate

app = typer.Typer(
    help="Registries that push: add one, change its secret.", no_args_is_help=True, add_completion=False
)
CodeGiven = Annotated[
    str, typer.Argument(help="Its name in the address that it pushes to.", show_default=False)
]


@app.command()
def create(
    code: CodeGiven,
    name: Annotated[str, typer.Argument(help="Its name as people know it.", show_default=False)],
    *,
    authority: Annotated[UUID, typer.Option(help="The registration authority whose registry it is.")],
    division: Annotated[list[str], typer.Option(help="Whose registrations it keeps; may be repeated.")],
    rank: Annotated[int, typer.Option(help="Its weight where sources disagree.")] = SOURCE_RANK,
    scheme: Annotated[SourceScheme, typer.Option(help="How it signs.")] = SourceScheme.EITHER,
) -> None:
    """Add a source and print its secret, which is shown this once.

    It then pushes to /api/v1/webhooks/registries/CODE, signed by Standard Webhooks 1.0."""
    try:
        given = SourceCreate(
            code=code, name=name, authority_id=authority, divisions=division, source_rank=rank, scheme=scheme
        )
    except ValidationError as error:
        console.fail("; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()))

    async def add(work: Work) -> str:
        source_id = await commands.add_source(work, given)
        return (await commands.rotate_secret(work, source_id, SecretCreate(overlap_hours=0))).secret

    console.say(once(add))


@app.command()
def rotate(
    code: CodeGiven,
    *,
    overlap_hours: Annotated[int, typer.Option(min=0, max=720, help="How long older ones stay good.")] = 168,
) -> None:
    """Print a new secret, valid at once; the ones before stay valid for the overlap."""

    async def change(work: Work) -> str | None:
        source_id = await work.scalar(select(RegistrySource.id).where(RegistrySource.code == code))
        if source_id is None:
            return None
        given = SecretCreate(overlap_hours=overlap_hours)
        return (await commands.rotate_secret(work, source_id, given)).secret

    secret = once(change)
    if secret is None:
        console.fail(f"There is no registry source {code}.")
    console.say(secret)
