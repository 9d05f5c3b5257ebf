"""What alembic runs: the steps of `versions/` on the connection that `storage.migrate` hands over.

For the command line, which hands over none, `-x url=...` names a database.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import create_engine

from storage.base import Instant, metadata


def _in_plain_types(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    # A step must mean the same for ever, so it names no type of ours that might change.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def _run(connection: Any) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=True,
        render_item=_in_plain_types,
        render_as_batch=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is None:
    with create_engine(context.get_x_argument(as_dictionary=True)["url"]).begin() as opened:
        _run(opened)
else:
    _run(given)
