"""The addresses of instructors, of whom they serve, and of leaders' contracts."""

from fastapi import APIRouter

from app.instructors.routes.contracts import router as contracts
from app.instructors.routes.people import router as people
from app.instructors.routes.serving import router as serving

router = APIRouter()
for each in (people, serving, contracts):
    router.include_router(each)
