"""The service on a real database: it lives, it is ready, and it shows its documents without a network."""

import httpx
import pytest
from fastapi import FastAPI


@pytest.fixture
async def root(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_alive_and_ready(root: httpx.AsyncClient) -> None:
    assert (await root.get("/livez")).json() == {"status": "alive"}
    ready = await root.get("/readyz")
    assert ready.status_code == 200, ready.text
    assert ready.json()["checks"]["migrations"]["ok"] is True


@pytest.mark.parametrize("path", ["/docs", "/docs/start.js", "/openapi.json", "/static/swagger-ui-bundle.js"])
async def test_documents_come_from_here(root: httpx.AsyncClient, path: str) -> None:
    assert (await root.get(path)).status_code == 200
