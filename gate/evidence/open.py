"""From the text of a policy or an option to a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gate.core.evidence.place import FILES, POSTGRESQL, SQLITE
from gate.errors import UsageError

if TYPE_CHECKING:
    from gate.core.evidence.place import StorePlace
    from gate.evidence.port import Store


def open_store(place: StorePlace) -> Store:
    """Return a store outside of git; nothing is read, made or connected to yet."""
    if place.kind == FILES:
        from gate.evidence.files import FileStore  # noqa: PLC0415 - one kind of store a run

        return FileStore(Path(place.where).expanduser())
    if place.kind == SQLITE:
        from gate.evidence.sqlite import SqliteStore  # noqa: PLC0415

        return SqliteStore(Path(place.where).expanduser())
    if place.kind == POSTGRESQL:
        from gate.evidence.postgresql import PostgresqlStore  # noqa: PLC0415

        return PostgresqlStore(place.where)
    raise UsageError(
        f"{place.kind}: is kept in a repository", hint="Run the command in a clone, or give --repo."
    )
