"""The addresses of the ledger."""

from app.core.http import Router
from app.organizations.routes import findings, ledger, officers, records, search, verbs

router = Router()
for part in (search, ledger, verbs, officers, records, findings):
    router.include_router(part.router)

__all__ = ["router"]
