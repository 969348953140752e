"""What can be done with users, sessions, grants and keys."""

from app.identity.commands.grants import approve, ask, revoke
from app.identity.commands.installing import Installed, ensure_actor, install_administrator
from app.identity.commands.keys import issue_key, revoke_key
from app.identity.commands.me import change_password, confirm_second_factor, enrol_second_factor
from app.identity.commands.providers import (
    add_provider,
    approve_rule,
    ask_rule,
    change_provider,
    link_identity,
    revoke_rule,
    unlink_identity,
)
from app.identity.commands.reveals import permit_reveal
from app.identity.commands.sessions import end_session, reauthenticate, sign_in, sign_out
from app.identity.commands.sign_on import finish, start
from app.identity.commands.tries import tidy
from app.identity.commands.users import (
    change_user,
    disable_user,
    enable_user,
    register_user,
    reset_password,
    reset_second_factor,
)

__all__ = [
    "Installed",
    "add_provider",
    "approve",
    "approve_rule",
    "ask",
    "ask_rule",
    "change_password",
    "change_provider",
    "change_user",
    "confirm_second_factor",
    "disable_user",
    "enable_user",
    "end_session",
    "enrol_second_factor",
    "ensure_actor",
    "finish",
    "install_administrator",
    "issue_key",
    "link_identity",
    "permit_reveal",
    "reauthenticate",
    "register_user",
    "reset_password",
    "reset_second_factor",
    "revoke",
    "revoke_key",
    "revoke_rule",
    "sign_in",
    "sign_out",
    "start",
    "tidy",
    "unlink_identity",
]
