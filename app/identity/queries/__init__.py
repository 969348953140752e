"""Who is calling, and what is on file about users, sessions, grants and keys."""

from app.identity.queries.authentication import authenticator, recaller, recogniser
from app.identity.queries.grants import get_grant_for_update, grant, grants, two_person_grants
from app.identity.queries.keys import api_key, api_keys, get_key_for_update
from app.identity.queries.scopes import body_unfit, division_unfit
from app.identity.queries.sessions import Account, account, live_session, me, my_sessions, session
from app.identity.queries.users import get_user_for_update, has_second_factor, outranks, user, users

__all__ = [
    "Account",
    "account",
    "api_key",
    "api_keys",
    "authenticator",
    "body_unfit",
    "division_unfit",
    "get_grant_for_update",
    "get_key_for_update",
    "get_user_for_update",
    "grant",
    "grants",
    "has_second_factor",
    "live_session",
    "me",
    "my_sessions",
    "outranks",
    "recaller",
    "recogniser",
    "session",
    "two_person_grants",
    "user",
    "users",
]
