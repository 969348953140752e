"""The permissions of the ledger's routes, one name each."""

from typing import Annotated

from app.core.access import Permission
from app.core.http import changing, creating, reading
from app.core.work import Work

Reader = Annotated[Work, reading(Permission.ORGANIZATION_READ)]
Recorder = Annotated[Work, creating(Permission.ORGANIZATION_RECORD)]
Changer = Annotated[Work, changing(Permission.ORGANIZATION_RECORD)]
Decider = Annotated[Work, changing(Permission.ORGANIZATION_DECIDE)]
Approver = Annotated[Work, changing(Permission.ORGANIZATION_APPROVE)]
Revealer = Annotated[Work, creating(Permission.PERSON_REVEAL)]
