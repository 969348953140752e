"""The least that keeps a message: FastAPI takes the bytes, asyncpg inserts them once for each id.

No signature, no encryption, no audit, no event, no reading of what was sent."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
from fastapi import FastAPI, Request, Response

TABLE = """
CREATE TABLE IF NOT EXISTS bench_inbox (
    id uuid PRIMARY KEY, source text NOT NULL, webhook_id text NOT NULL, body bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(), UNIQUE (source, webhook_id)
)"""
INSERT = (
    "INSERT INTO bench_inbox (id, source, webhook_id, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """A pool of five on the same database."""
    async with asyncpg.create_pool(os.environ["PEER_DATABASE_URL"], min_size=5, max_size=5) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/webhooks/registries/{source}", status_code=202)
async def take(source: str, request: Request) -> Response:
    """Keep a message."""
    body = await request.body()
    await app.state.pool.execute(INSERT, uuid4(), source, request.headers["webhook-id"], body)
    return Response(status_code=202)
