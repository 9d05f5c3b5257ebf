"""An index for what goes before prompts: answers, and news of what somebody did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PROMPTLY: sa.ColumnElement[bool] = sa.literal_column("settled_at IS NULL AND prompt_id IS NULL AND \"to\" <> 'home'")


def upgrade() -> None:
    """One step up."""
    op.create_index(
        "ix_deliveries_promptly",
        "deliveries",
        ["workspace_id", "id"],
        unique=False,
        sqlite_where=PROMPTLY,
        postgresql_where=PROMPTLY,
    )
