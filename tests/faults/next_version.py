"""The next version, made real: a copy of these sources with one more step, whose column the copy reads and writes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from storage.migrate import HEAD
from tests.faults.victims import ROOT

ROOMS = ("bot", "handlers", "insights", "sandbox", "scheduler", "storage")
NEXT = f"{int(HEAD[:4]) + 1:04d}{HEAD[4:]}"
STEP = f'''"""Notes: what the next version keeps and this one knows nothing of."""

import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{HEAD}"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("note", sa.Text(), server_default="of before", nullable=False))
    op.add_column("members", sa.Column("note", sa.Text()))
    op.create_index("ix_deliveries_note", "deliveries", ["workspace_id", "note"])
'''
COLUMN = '\ndeliveries.append_column(Column("note", Text, nullable=False, default="of next"))\n'


def make_next(folder: Path) -> Path:
    """Write the next version's sources below a folder; where they are."""
    tree = folder / "next"
    for room in ROOMS:
        shutil.copytree(ROOT / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manifest.yml", tree)
    (tree / "storage/migrations/versions" / f"{NEXT}_notes.py").write_text(STEP)
    head, deliveries = tree / "storage/migrate.py", tree / "storage/deliveries.py"
    head.write_text(head.read_text().replace(f'HEAD = "{HEAD}"', f'HEAD = "{NEXT}"'))
    deliveries.write_text(deliveries.read_text() + COLUMN)
    return tree


def upgrade_to(tree: Path, database: str, key: str) -> None:
    """Run `soundings db upgrade` of that version, as an admin would. Raises CalledProcessError."""
    settings = {"PYTHONPATH": str(tree), "SOUNDINGS_DATABASE_URL": database, "SOUNDINGS_KEYS": key}
    subprocess.run(
        [sys.executable, "-m", "bot", "db", "upgrade"],
        cwd=tree,
        env=os.environ | settings,
        check=True,
        stdout=subprocess.DEVNULL,
    )
