"""`jiceng keys`: the keys that seal fields, made before the first start in production."""

from app.cli import console
from app.core.crypto import KeyRing, KeyRingError
from app.settings import Settings


def keys() -> None:
    """Make DATA_DIR/keys.json, for its owner alone, unless it is there. It is never overwritten.

    Without it sealed fields cannot be read: keep a copy apart from the backups of the database."""
    path = Settings(production=False).data_dir / "keys.json"
    try:
        KeyRing.load(path)
    except (KeyRingError, OSError) as error:
        console.fail(str(error))
    console.say(f"{path.resolve()}: keep a copy apart from the database's backups.")
