"""Members by zone, so that the members of a wave are found without looking at all of them."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step up."""
    op.create_index("ix_members_zone", "members", ["workspace_id", "zone"], unique=False)
    op.create_index("ix_members_own_zone", "members", ["workspace_id", "own_zone"], unique=False)
    op.create_index("ix_members_travel_zone", "members", ["workspace_id", "own_travel_zone"], unique=False)
