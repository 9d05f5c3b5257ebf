"""Of when the directory's news of a member is, so that older news is left aside by every replica."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step up."""
    op.add_column("members", sa.Column("as_of", sa.BigInteger(), nullable=False, server_default="0"))
