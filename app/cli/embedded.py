"""The settings of a command, and the database that it works on."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from pydantic import SecretStr, ValidationError

from app.cli import console
from app.postgres import PostgresError, Supervisor
from app.settings import Settings


def settings() -> Settings:
    """The settings of the environment; what is wrong with them is said by name, never by value."""
    try:
        return Settings()
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}".removeprefix(": ") for e in error.errors())
        console.fail("\n".join(faults))


def owner_url(settings: Settings) -> str:
    """The URL of the role that owns the tables; the API's where no other is set."""
    url = settings.database_owner_url or settings.database_url
    return url.get_secret_value() if url else ""


@contextmanager
def database(
    settings: Settings, *, meanwhile: Callable[[], object] = lambda: None
) -> Iterator[tuple[Settings, Supervisor | None]]:
    """Settings with both URLs: those that are set, else those of the embedded server, which is started for
    the command (or joined, when it runs already) and left afterwards. `meanwhile` is done while it starts."""
    if settings.database_url is not None:
        meanwhile()
        yield settings.model_copy(update={"database_owner_url": SecretStr(owner_url(settings))}), None
        return
    supervisor = Supervisor(settings.data_dir)
    try:
        with ThreadPoolExecutor(1) as beside:
            starting = beside.submit(supervisor.start)
            meanwhile()
            cluster = starting.result()
        urls = {"database_url": cluster.app_url, "database_owner_url": cluster.owner_url}
        yield settings.model_copy(update={k: SecretStr(v) for k, v in urls.items()}), supervisor
    except PostgresError as error:
        console.fail(str(error))
    finally:
        supervisor.stop()
