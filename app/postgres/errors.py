"""What keeps the database server from starting."""


class PostgresError(RuntimeError):
    """The database server cannot be started; the message says what to do."""
