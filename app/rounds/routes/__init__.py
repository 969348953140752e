"""The addresses of rounds, applications, reviews and what is published."""

from fastapi import APIRouter

from app.rounds.routes.applications import router as applications
from app.rounds.routes.reviews import router as reviews
from app.rounds.routes.rounds import router as rounds

router = APIRouter()
for each in (rounds, applications, reviews):
    router.include_router(each)
