"""Which summaries each manager does not want to be sent, and indexes for what is forgotten after a long time."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDED: sa.ColumnElement[bool] = sa.literal_column("settled_at IS NOT NULL AND sealed <> '' AND \"to\" <> 'home'")
SETTLED: sa.ColumnElement[bool] = sa.literal_column("settled_at IS NOT NULL AND \"to\" <> 'channel'")


def upgrade() -> None:
    """One step up."""
    op.create_index("ix_occurrences_closed_at", "occurrences", ["closed_at"], unique=False)
    for name, where in (("ix_deliveries_worded", WORDED), ("ix_deliveries_settled", SETTLED)):
        op.create_index(name, "deliveries", ["settled_at"], unique=False, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "mutes",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=True),
        sa.Column("cadence_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_mutes_workspace_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_mutes_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_mutes_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["cadence_id"], ["cadences.id"], name=op.f("fk_mutes_cadence_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutes")),
        sa.UniqueConstraint(
            "workspace_id", "member_id", "team_id", name=op.f("uq_mutes_workspace_id_member_id_team_id")
        ),
        sa.UniqueConstraint(
            "workspace_id", "member_id", "cadence_id", name=op.f("uq_mutes_workspace_id_member_id_cadence_id")
        ),
    )
    _carry_over()


def _carry_over() -> None:
    """What was muted for a team is now muted by whoever manages it."""
    connection = op.get_bind()
    for workspace_id, settings in connection.execute(sa.text("SELECT id, settings FROM workspaces")).all():
        for team_id in json.loads(settings).get("no_digest", ()):
            connection.execute(
                sa.text(
                    "INSERT INTO mutes (workspace_id, member_id, team_id) SELECT workspace_id, manager_id, id "
                    "FROM teams WHERE workspace_id = :workspace AND id = :team AND manager_id IS NOT NULL"
                ),
                {"workspace": workspace_id, "team": team_id},
            )
