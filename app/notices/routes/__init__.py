"""The addresses of supervision notices."""

from fastapi import APIRouter

from app.notices.routes.addressees import router as addressees
from app.notices.routes.notices import router as notices

router = APIRouter()
for each in (notices, addressees):
    router.include_router(each)
