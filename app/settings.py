"""Every setting of the service: one frozen object, read once from the environment, passed to `create_app`."""

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

EXAMPLE_SECRETS = frozenset({"change-me", "changeme", "secret", "example", "password", ""})


class Settings(BaseSettings):
    """Settings of one process. `DATABASE_URL`, `DATABASE_OWNER_URL`, `DATA_DIR`, `HOST` and `PORT` are read
    under these names, everything else with the prefix `JICENG_`. Times are seconds, sizes are bytes."""

    model_config = SettingsConfigDict(
        env_prefix="JICENG_", frozen=True, extra="ignore", populate_by_name=True
    )

    database_url: SecretStr | None = Field(
        None, validation_alias=AliasChoices("database_url", "DATABASE_URL")
    )
    database_owner_url: SecretStr | None = Field(
        None, validation_alias=AliasChoices("database_owner_url", "DATABASE_OWNER_URL")
    )
    data_dir: Path = Field(Path(".data"), validation_alias=AliasChoices("data_dir", "DATA_DIR"))
    host: str = Field("127.0.0.1", validation_alias=AliasChoices("host", "HOST"))
    port: int = Field(8000, validation_alias=AliasChoices("port", "PORT"))

    production: bool = False
    cursor_secret: SecretStr | None = None
    keys: SecretStr | None = None
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    outbound_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """`host:port` of identity providers that may be asked without TLS, or stand on this machine."""

    outbound_ca_file: Path | None = None
    font_dir: Path | None = None
    """Where the fonts of issued documents lie; unset, those of the machine serve (docs/documents.md)."""

    cookie_secure: bool = False
    require_second_factor: bool = False
    public_docs: bool = True

    pool_size: int = 5
    pool_overflow: int = 5
    pool_timeout: float = 2.0
    body_limit: int = 1024 * 1024
    webhook_body_limit: int = 256 * 1024
    upload_limit: int = 100 * 1024 * 1024
    depth_limit: int = 32
    array_limit: int = 1000
    requests_per_minute: int = 3000
    session_absolute_hours: int = 12
    session_idle_minutes: int = 30
    reveal_reauthentication_minutes: int = 15
    reveals_per_day: int = 50
    dry_runs_per_day: int = 1000
    exports_per_day: int = 50
    idempotency_hours: int = 72
    inbox_retention_days: int = 180
    worker_poll_seconds: float = 2.0
    drain_seconds: float = 0.0

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, values: dict[str, object]) -> dict[str, object]:
        for name in ("allowed_origins", "trusted_proxies", "outbound_hosts"):
            value = values.get(name)
            if isinstance(value, str):
                values[name] = tuple(part.strip() for part in value.split(",") if part.strip())
        return values

    @model_validator(mode="after")
    def _refuse_examples_in_production(self) -> Self:
        if not self.production:
            return self
        problems = []
        if self.cursor_secret is None or len(self.cursor_secret.get_secret_value()) < 32:
            problems.append("JICENG_CURSOR_SECRET needs at least 32 characters")
        if self.keys is None and not (self.data_dir / "keys.json").exists():
            problems.append("field-encryption keys are missing: set JICENG_KEYS or create DATA_DIR/keys.json")
        for url in (self.database_url, self.database_owner_url):
            password = urlsplit(url.get_secret_value()).password if url else "set-by-the-embedded-server"
            if password is not None and password.lower() in EXAMPLE_SECRETS:
                problems.append("the database password is an example")
        if not self.require_second_factor:
            problems.append("JICENG_REQUIRE_SECOND_FACTOR must be true")
        if problems:
            raise ValueError("refusing to start in production: " + "; ".join(problems))
        return self
