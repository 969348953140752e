"""The service as the bench runs it: the application, its settings from the environment, its logs thrown away."""

from fastapi import FastAPI

from app.core import logs
from app.main import create_app
from app.settings import Settings


def build() -> FastAPI:
    """The application with its logs set up as `jiceng run` sets them up."""
    logs.configure()
    return create_app(Settings())
