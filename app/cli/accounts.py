"""`jiceng token` and `jiceng administrator`: how the first people and machines come in."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from app.cli import console
from app.cli.once import once
from app.core.access import ADMINISTRATORS, NATION, Role
from app.core.work import Work
from app.identity import commands

RoleGiven = Annotated[Role, typer.Argument(help="What the account may do.", show_default=False)]
Division = Annotated[str, typer.Option(help="Six digits: the role counts in this division's subtree.")]


def token(
    role: RoleGiven,
    *,
    division: Division = NATION,
    body: Annotated[UUID | None, typer.Option(help="Instead: in this Party organization's subtree.")] = None,
    login_name: Annotated[
        str | None, typer.Option(help="Take this user if there is one, else make it.")
    ] = None,
    hours: Annotated[int, typer.Option(min=1, max=87_600, help="How long the token is good for.")] = 12,
) -> None:
    """Print a bearer token of a user with one role: an API key for a machine's role, else a session.

    No second person is asked: whoever can run this holds the database anyway. It is audited."""

    async def make(work: Work) -> str:
        made = await commands.ensure_actor(
            work,
            role,
            division_code=None if body else division,
            party_organization_id=body,
            login_name=login_name,
            lifetime=timedelta(hours=hours),
            standing_proof=True,
        )
        return made.token

    console.say(once(make))


def administrator(
    role: RoleGiven,
    login_name: Annotated[str, typer.Argument(help="What the person signs in with.")],
    *,
    name: Annotated[str, typer.Option(help="The person's name as others see it.")],
    division: Division = NATION,
) -> None:
    """Make one of the first administrators, and print the temporary password (good for 72 hours).

    From then on grants are given over HTTP, by two people."""
    if role not in ADMINISTRATORS:
        console.fail(f"{role.value} is given over HTTP; here: {', '.join(sorted(ADMINISTRATORS))}.")

    async def make(work: Work) -> str:
        return await commands.install_administrator(
            work, role, login_name=login_name, display_name=name, division_code=division
        )

    console.say(once(make))
