"""Embedded PostgreSQL: used when no DATABASE_URL is set."""

from app.postgres.cluster import Cluster
from app.postgres.errors import PostgresError
from app.postgres.supervisor import Supervisor

__all__ = ["Cluster", "PostgresError", "Supervisor"]
