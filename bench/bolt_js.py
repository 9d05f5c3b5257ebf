"""bolt-js beside the others, where Node and npm are there: reported, not a target."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from bench.load import SECRET
from bench.payloads import TEAM

VERSION = "4"
SCRIPT = """
const { App } = require("@slack/bolt");
const app = new App({
  signingSecret: "%s",
  authorize: async () => ({ botToken: "xoxb-x", botId: "B0", botUserId: "U0BOT", teamId: "%s" }),
  endpoints: "/slack/events",
});
app.command(/.*/, async ({ ack }) => ack());
app.view(/.*/, async ({ ack }) => ack());
app.start(0).then((server) => console.log(`http://127.0.0.1:${server.address().port}`));
"""


def command(folder: Path) -> list[str]:
    """How to start bolt-js; nothing where Node or the package is not to be had, which is said."""
    if not (shutil.which("node") and shutil.which("npm")):
        print("Node is not here, so bolt-js is not measured.")
        return []
    place = folder / "bolt-js"
    place.mkdir()
    got = subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", f"@slack/bolt@{VERSION}"],
        cwd=place,
        check=False,
        capture_output=True,
        timeout=180,
    )
    if got.returncode:
        print("The package of bolt-js cannot be had here, so it is not measured.")
        return []
    (place / "server.js").write_text(SCRIPT % (SECRET, TEAM))
    return ["node", str(place / "server.js")]
