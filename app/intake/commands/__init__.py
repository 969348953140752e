"""The verbs of intake: take messages, apply them, mend them; add sources and change their secrets."""

from app.intake.commands.applying import apply
from app.intake.commands.at_once import AtOnce
from app.intake.commands.certificates import ask_to_accept_certificate, decide_on_certificate
from app.intake.commands.mending import dismiss, mend, replay, replay_many, reveal
from app.intake.commands.queue import (
    claim,
    count_attempt,
    forget_bodies,
    give_up,
    put_off,
    quarantine,
    requeue_certificates,
    unpark,
)
from app.intake.commands.receiving import WAKE, receive
from app.intake.commands.rehearsing import push, rehearse
from app.intake.commands.sources import (
    add_source,
    amend_source,
    approve_source,
    revoke_secret,
    rotate_secret,
)

__all__ = [
    "WAKE",
    "AtOnce",
    "add_source",
    "amend_source",
    "apply",
    "approve_source",
    "ask_to_accept_certificate",
    "claim",
    "count_attempt",
    "decide_on_certificate",
    "dismiss",
    "forget_bodies",
    "give_up",
    "mend",
    "push",
    "put_off",
    "quarantine",
    "receive",
    "rehearse",
    "replay",
    "replay_many",
    "requeue_certificates",
    "reveal",
    "revoke_secret",
    "rotate_secret",
    "unpark",
]
