"""The addresses of supervision notices."""

from app.core.http import Router
from app.notices.routes import addressees, notices

router = Router()
router.include_router(notices.router)
router.include_router(addressees.router)

__all__ = ["router"]
