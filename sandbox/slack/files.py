"""Files that people chose in modals: kept in memory only, and handed out to a bot token that may read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from sandbox.slack.records import Json
from sandbox.slack.workspace import Workspace

if TYPE_CHECKING:
    from sandbox.slack.server import SlackSandbox

SCOPE = "files:read"
MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Picked:
    """A file as it lies on somebody's own device."""

    name: str
    content: bytes
    mimetype: str = "text/calendar"


class Files:
    """The files of one sandbox."""

    def __init__(self, sandbox: SlackSandbox) -> None:
        self._sandbox = sandbox
        self._kept: dict[tuple[str, str], Picked] = {}

    def add_routes(self, server: web.Application) -> None:
        """Serve the files, by either of their two addresses."""
        server.router.add_get("/files-pri/{team}-{file}/{name}", self.serve)
        server.router.add_get("/files-pri/{team}-{file}/download/{name}", self.serve)

    def keep(self, workspace: Workspace, user_id: str, picked: Picked) -> Json:
        """Keep a file; the file object that goes with the form."""
        file_id = workspace.new_id("F")
        self._kept[workspace.id, file_id] = picked
        name = quote(picked.name, safe="")
        at = f"{self._sandbox.url}/files-pri/{workspace.id}-{file_id}"
        return {
            "id": file_id,
            "created": int(workspace.now().timestamp()),
            "name": picked.name,
            "title": picked.name,
            "mimetype": picked.mimetype,
            "filetype": ending(picked.name) or "binary",
            "user": user_id,
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "size": len(picked.content),
            "url_private": f"{at}/{name}",
            "url_private_download": f"{at}/download/{name}",
        }

    def delete_all(self) -> None:
        """Delete every file, as their owners can in Slack."""
        self._kept.clear()

    async def serve(self, request: web.Request) -> web.Response:
        """The file, for a token that may read it; anybody else is sent to where people sign in."""
        team, file_id = request.match_info["team"], request.match_info["file"]
        workspace = self._sandbox.workspaces.get(team)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        caller = workspace.install_of_token(token) if workspace and scheme == "Bearer" else None
        if caller is None or not caller.active or SCOPE not in caller.scopes:
            raise web.HTTPFound("/?redir=" + quote(request.path, safe=""))
        picked = self._kept.get((team, file_id))
        if picked is None:
            raise web.HTTPNotFound
        return web.Response(body=picked.content, content_type=picked.mimetype)


def complaint(element: Json, picked: Picked) -> str:
    """What the client says of a file before it sends it anywhere; empty if nothing is wrong."""
    endings = element.get("filetypes")
    if endings and ending(picked.name) not in [one.lower() for one in endings]:
        return f"{picked.name} cannot be chosen here. Files may be: {', '.join(endings)}."
    if len(picked.content) > MOST_BYTES:
        return f"{picked.name} is larger than 10 MB, which is the most that a file may be."
    return ""


def ending(name: str) -> str:
    """What a file's name ends in, without the dot and in small letters."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def asks_for_files(blocks: list[Json]) -> bool:
    """Whether one of these blocks lets people choose a file."""
    return any(block.get("element", {}).get("type") == "file_input" for block in blocks)
