"""The addresses of members, of what concerns them, and of the grid that looks after them."""

from fastapi import APIRouter

from app.members.routes.grid import router as grid
from app.members.routes.people import router as people
from app.members.routes.requests import router as requests
from app.members.routes.transfers import router as transfers

router = APIRouter()
for each in (people, transfers, requests, grid):
    router.include_router(each)
