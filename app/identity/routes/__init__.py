"""`/sessions`, `/sign-on`, `/me`, `/users`, `/grants`, `/api-keys`, `/identity-providers` and their rules."""

from app.core.http import Router
from app.identity.routes import accounts, sign_on

router = Router()
router.include_router(accounts.router)
router.include_router(sign_on.router)
