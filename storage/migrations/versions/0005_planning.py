"""What planning a hundred thousand prompts has no need of is taken away, and its indexes are put in its order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step up."""
    with op.batch_alter_table("prompts") as prompts:
        prompts.drop_constraint("fk_prompts_workspace_id", type_="foreignkey")
        prompts.drop_constraint("fk_prompts_cadence_id", type_="foreignkey")
        prompts.drop_constraint("uq_prompts_workspace_id_cadence_id_member_id_day", type_="unique")
        prompts.drop_index("ix_prompts_member")
        prompts.drop_index("ix_prompts_occurrence")
        prompts.create_index("ix_prompts_occurrence", ["cadence_id", "day", "zone"])
        prompts.create_unique_constraint(
            "uq_prompts_workspace_id_member_id_day_cadence_id", ["workspace_id", "member_id", "day", "cadence_id"]
        )
    for index, column in (("zone", "zone"), ("own_zone", "own_zone"), ("travel_zone", "own_travel_zone")):
        only = None if index == "zone" else sa.text(f"{column} <> ''")
        op.drop_index(f"ix_members_{index}", "members")
        op.create_index(
            f"ix_members_{index}",
            "members",
            ["workspace_id", column, "id"],
            sqlite_where=only,
            postgresql_where=only,
        )
