"""`/sessions`, `/me`, `/users`, `/grants`, `/api-keys`."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Query, Response

from app.core.access import Permission
from app.core.errors import OriginRefused, PreconditionFailed, PreconditionRequired, refusals
from app.core.http import Router, changing, creating, public, reading
from app.core.pages import Page
from app.core.work import Work
from app.identity import commands, errors, formats, queries
from app.identity.schemas import (
    ApiKeyCreate,
    ApiKeyCreated,
    ApiKeyFilters,
    ApiKeyRead,
    GrantCreate,
    GrantFilters,
    GrantRead,
    MeRead,
    PasswordChange,
    Reauthentication,
    SecondFactorConfirmation,
    SecondFactorEnrolment,
    SessionCreate,
    SessionCreated,
    SessionFilters,
    SessionRead,
    TemporaryPassword,
    UserCreate,
    UserFilters,
    UserRead,
    UserUpdate,
)

router = Router()

Anyone = Annotated[Work, public()]
Myself = Annotated[Work, reading(Permission.SELF)]
MyChange = Annotated[Work, changing(Permission.SELF, if_match=False)]
UserReader = Annotated[Work, reading(Permission.USER_READ)]
UserMaker = Annotated[Work, creating(Permission.USER_ADMINISTER)]
UserChanger = Annotated[Work, changing(Permission.USER_ADMINISTER)]
GrantReader = Annotated[Work, reading(Permission.GRANT_APPROVE)]
GrantAsker = Annotated[Work, creating(Permission.GRANT_ADMINISTER)]
GrantApprover = Annotated[Work, changing(Permission.GRANT_APPROVE)]
GrantRevoker = Annotated[Work, changing(Permission.GRANT_ADMINISTER)]
KeyReader = Annotated[Work, reading(Permission.API_KEY_ADMINISTER)]
KeyMaker = Annotated[Work, creating(Permission.API_KEY_ADMINISTER)]
KeyRevoker = Annotated[Work, changing(Permission.API_KEY_ADMINISTER)]
UserAgent = Annotated[str | None, Header(include_in_schema=False)]
VERSIONED = (PreconditionRequired, PreconditionFailed)


# ------------------------------------------------------------------------------------------------ sessions


@router.post(
    "/sessions",
    status_code=201,
    response_model=SessionCreated,
    tags=["sessions"],
    responses=refusals(errors.SignInRefused, errors.SecondFactorRequired, errors.TooManyTries, OriginRefused),
)
async def sign_in(work: Anyone, body: SessionCreate, user_agent: UserAgent = None) -> Response:
    """Sign in with a password, and a one-time code where one is enrolled.

    Programs take the token from the answer and send it as `Authorization: Bearer …`. Pages ask for
    `cookie: true` and keep nothing; their writes need an `Origin` of this host or of an allowed one. At most
    ten tries in fifteen minutes for an account from one address."""
    opened = await commands.sign_in(work, body, user_agent)
    return formats.signed_in(opened.answer, opened.token, opened.lifetime, work.settings)


@router.get("/sessions", response_model=Page[SessionRead], tags=["sessions"])
async def list_my_sessions(work: Myself, filters: Annotated[SessionFilters, Query()]) -> Response:
    """One's own sessions that are not over, this one marked as `current`."""
    return await queries.my_sessions(work, filters)


@router.delete(
    "/sessions/current", status_code=204, tags=["sessions"], responses=refusals(errors.SessionNeeded)
)
async def sign_out(work: MyChange) -> Response:
    """Sign out: this session opens nothing from now on."""
    await commands.sign_out(work)
    return formats.signed_out(work.settings)


@router.post(
    "/sessions/current/reauthenticate",
    response_model=SessionRead,
    tags=["sessions"],
    responses=refusals(
        errors.PasswordWrong,
        errors.CodeNeeded,
        errors.SessionNeeded,
        errors.TooManyTries,
        errors.SessionNotFound,
    ),
)
async def reauthenticate(work: MyChange, body: Reauthentication) -> Response:
    """Give the password again, and the one-time code where one is enrolled: reveals ask for it."""
    return await queries.session(work, await commands.reauthenticate(work, body))


@router.delete(
    "/sessions/{session_id}", status_code=204, tags=["sessions"], responses=refusals(errors.SessionNotFound)
)
async def end_session(work: MyChange, session_id: UUID) -> Response:
    """End another of one's own sessions. A session never changes otherwise, so no If-Match is asked."""
    await commands.end_session(work, session_id)
    return Response(status_code=204)


# ------------------------------------------------------------------------------------------------------ me


@router.get("/me", response_model=MeRead, tags=["me"])
async def read_me(work: Myself) -> Response:
    """Who I am, what I may do, and where. Whoever must change the password holds nothing until then."""
    return await queries.me(work)


@router.post(
    "/me/password",
    status_code=204,
    tags=["me"],
    responses=refusals(errors.PasswordWrong, errors.PasswordRefused, errors.TooManyTries),
)
async def change_my_password(work: MyChange, body: PasswordChange) -> Response:
    """Choose a new password: my other sessions end. No regular change is asked (ASVS 5.0, 6.2.10)."""
    await commands.change_password(work, body)
    return Response(status_code=204)


@router.post(
    "/me/second-factor",
    status_code=201,
    response_model=SecondFactorEnrolment,
    tags=["me"],
    responses=refusals(errors.SessionNeeded, errors.FreshSignInNeeded, errors.CodeNeeded),
)
async def enrol_my_second_factor(work: MyChange) -> SecondFactorEnrolment:
    """Enrol an authenticator (RFC 6238): it replaces the former one after `/me/second-factor/confirm`."""
    return await commands.enrol_second_factor(work)


@router.post(
    "/me/second-factor/confirm",
    status_code=204,
    tags=["me"],
    responses=refusals(errors.SecondFactorNotPending, errors.SecondFactorWrong, errors.TooManyTries),
)
async def confirm_my_second_factor(work: MyChange, body: SecondFactorConfirmation) -> Response:
    """Confirm it with its first code: this session has now used a second factor, my others end."""
    await commands.confirm_second_factor(work, body)
    return Response(status_code=204)


# --------------------------------------------------------------------------------------------------- users


@router.get("/users", response_model=Page[UserRead], tags=["users"])
async def list_users(work: UserReader, filters: Annotated[UserFilters, Query()]) -> Response:
    """Accounts of the divisions in scope."""
    return await queries.users(work, filters)


@router.get(
    "/users/{user_id}", response_model=UserRead, tags=["users"], responses=refusals(errors.UserNotFound)
)
async def read_user(work: UserReader, user_id: UUID) -> Response:
    """One account."""
    return await queries.user(work, user_id)


@router.post(
    "/users",
    status_code=201,
    response_model=UserRead,
    tags=["users"],
    responses=refusals(errors.LoginNameTaken, errors.LoginNameInvalid, errors.DivisionUnfit),
)
async def register_user(work: UserMaker, body: UserCreate) -> Response:
    """Make an account for a person or a machine. It opens nothing without a password or key, and a grant."""
    return await queries.user(work, await commands.register_user(work, body), status=201)


@router.patch(
    "/users/{user_id}",
    response_model=UserRead,
    tags=["users"],
    responses=refusals(errors.UserNotFound, errors.DivisionUnfit, *VERSIONED),
)
async def change_user(work: UserChanger, user_id: UUID, body: UserUpdate) -> Response:
    """Change name, phone or division of an account (merge patch)."""
    await commands.change_user(work, user_id, body)
    return await queries.user(work, user_id)


_GOVERNED = refusals(
    errors.UserNotFound, errors.OwnAccount, errors.UserOutranks, errors.UserStateUnfit, *VERSIONED
)


@router.post("/users/{user_id}/disable", response_model=UserRead, tags=["users"], responses=_GOVERNED)
async def disable_user(work: UserChanger, user_id: UUID) -> Response:
    """Close an account at once: the next request of any of its sessions or keys is refused."""
    await commands.disable_user(work, user_id)
    return await queries.user(work, user_id)


@router.post("/users/{user_id}/enable", response_model=UserRead, tags=["users"], responses=_GOVERNED)
async def enable_user(work: UserChanger, user_id: UUID) -> Response:
    """Open a disabled account again; its old sessions stay ended, its keys work."""
    await commands.enable_user(work, user_id)
    return await queries.user(work, user_id)


@router.post(
    "/users/{user_id}/reset-password",
    response_model=TemporaryPassword,
    tags=["users"],
    responses=refusals(
        errors.UserNotFound,
        errors.OwnAccount,
        errors.UserOutranks,
        errors.UserStateUnfit,
        errors.PersonNeeded,
        *VERSIONED,
    ),
)
async def reset_password(work: UserChanger, user_id: UUID) -> TemporaryPassword:
    """A temporary password, shown once, good for 72 hours; sessions end, and another must be chosen.

    Without a second factor of the user, grants that take two people go back to be approved."""
    return await commands.reset_password(work, user_id)


@router.post(
    "/users/{user_id}/reset-second-factor", response_model=UserRead, tags=["users"], responses=_GOVERNED
)
async def reset_second_factor(work: UserChanger, user_id: UUID) -> Response:
    """Remove a lost authenticator; sessions end, and grants that take two people go back to be approved."""
    await commands.reset_second_factor(work, user_id)
    return await queries.user(work, user_id)


# -------------------------------------------------------------------------------------------------- grants


@router.get("/grants", response_model=Page[GrantRead], tags=["grants"])
async def list_grants(work: GrantReader, filters: Annotated[GrantFilters, Query()]) -> Response:
    """Grants over divisions and Party organizations in scope, for those who give or approve them."""
    return await queries.grants(work, filters)


@router.get(
    "/grants/{grant_id}", response_model=GrantRead, tags=["grants"], responses=refusals(errors.GrantNotFound)
)
async def read_grant(work: GrantReader, grant_id: UUID) -> Response:
    """One grant, with who asked for, approved and revoked it."""
    return await queries.grant(work, grant_id)


@router.post(
    "/grants",
    status_code=201,
    response_model=GrantRead,
    tags=["grants"],
    responses=refusals(
        errors.UserNotFound,
        errors.OwnGrant,
        errors.UserStateUnfit,
        errors.RoleUnfit,
        errors.GrantAxis,
        errors.AdministratorAxis,
        errors.DivisionUnfit,
        errors.BodyUnfit,
        errors.GrantPeriodUnfit,
        errors.RolesSegregated,
        errors.GrantTwice,
    ),
)
async def request_grant(work: GrantAsker, body: GrantCreate) -> Response:
    """Give a user a role in the subtree of a division or of a Party organization.

    `organizer`, `approver` and the three administrators stay `requested` until a second person approves;
    other roles are in force at once. The three administrators exclude each other and every other role."""
    return await queries.grant(work, await commands.ask(work, body), status=201)


@router.post(
    "/grants/{grant_id}/approve",
    response_model=GrantRead,
    tags=["grants"],
    responses=refusals(
        errors.GrantNotFound, errors.GrantStateUnfit, errors.OwnGrant, errors.SecondPersonNeeded, *VERSIONED
    ),
)
async def approve_grant(work: GrantApprover, grant_id: UUID) -> Response:
    """Approve a requested grant: never one's own request, never one's own grant."""
    await commands.approve(work, grant_id)
    return await queries.grant(work, grant_id)


@router.post(
    "/grants/{grant_id}/revoke",
    response_model=GrantRead,
    tags=["grants"],
    responses=refusals(errors.GrantNotFound, errors.GrantStateUnfit, *VERSIONED),
)
async def revoke_grant(work: GrantRevoker, grant_id: UUID) -> Response:
    """Revoke a grant, or turn down a request: the next request of the user no longer has it."""
    await commands.revoke(work, grant_id)
    return await queries.grant(work, grant_id)


# ------------------------------------------------------------------------------------------------ API keys


@router.get("/api-keys", response_model=Page[ApiKeyRead], tags=["api-keys"])
async def list_api_keys(work: KeyReader, filters: Annotated[ApiKeyFilters, Query()]) -> Response:
    """Keys of the machines in scope, never their secrets."""
    return await queries.api_keys(work, filters)


@router.get(
    "/api-keys/{key_id}",
    response_model=ApiKeyRead,
    tags=["api-keys"],
    responses=refusals(errors.ApiKeyNotFound),
)
async def read_api_key(work: KeyReader, key_id: UUID) -> Response:
    """One key, with when it was last used (to the hour)."""
    return await queries.api_key(work, key_id)


@router.post(
    "/api-keys",
    status_code=201,
    response_model=ApiKeyCreated,
    tags=["api-keys"],
    responses=refusals(
        errors.UserNotFound,
        errors.MachineNeeded,
        errors.UserStateUnfit,
        errors.UserOutranks,
        errors.ApiKeyPeriodUnfit,
    ),
)
async def issue_api_key(work: KeyMaker, body: ApiKeyCreate) -> ApiKeyCreated:
    """A key for a machine. The token is in this answer and nowhere else: not even a retry gives it again."""
    return await commands.issue_key(work, body)


@router.post(
    "/api-keys/{key_id}/revoke",
    response_model=ApiKeyRead,
    tags=["api-keys"],
    responses=refusals(errors.ApiKeyNotFound, errors.ApiKeyRevoked, *VERSIONED),
)
async def revoke_api_key(work: KeyRevoker, key_id: UUID) -> Response:
    """Revoke a key: the next request with it is refused."""
    await commands.revoke_key(work, key_id)
    return await queries.api_key(work, key_id)
