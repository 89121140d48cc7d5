"""A stand-in for the Hugging Face hub, not the hub: it answers the calls of an upload as the hub's
published client expects them, and keeps what came. Xet, the hub's transfer of large files, is left
out; the client is told to go by git-lfs instead, which the hub takes too.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

TOKEN = "hf_madeUpForThisTest"  # noqa: S105
COMMIT = "c" * 40


@dataclass
class StandIn:
    """What the server holds and how it answers."""

    url: str = ""
    refuse: int | None = None  # status of its answer to whoever creates a repository
    public: str = ""  # a repository that is there and public
    files: dict[str, bytes] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)  # large files by sha256
    calls: list[str] = field(default_factory=list)
    created: dict[str, Any] = field(default_factory=dict)

    def answer(self, call: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Status and JSON of a call, as in "POST /api/repos/create"."""
        verb, _, path = call.partition(" ")
        if path == "/api/repos/create":
            return self._create(json.loads(body))
        if self.refuse:
            return self.refuse, {"error": "refused"}
        if "/preupload/" in path:
            names = [file["path"] for file in json.loads(body)["files"]]
            return 200, {"files": [_mode(name) for name in names]}
        if path.endswith(".git/info/lfs/objects/batch"):
            return 200, {"transfer": "basic", "objects": self._places(json.loads(body)["objects"])}
        if verb == "PUT" and path.startswith("/objects/"):
            self.objects[path.removeprefix("/objects/")] = body
            return 200, {}
        if "/commit/" in path:
            return 200, self._commit(path.split("/")[3:5], body)
        if verb == "GET" and path.startswith("/api/models/"):
            repo = path.removeprefix("/api/models/")
            if repo == self.public:
                return 200, {"id": repo, "modelId": repo, "private": False}
            return 404, {"error": "Repository not found"}
        if path in ("/api/validate-yaml", "/verify"):
            return 200, {"errors": [], "warnings": []}
        return 404, {"error": f"the stand-in has no {call}"}

    def _create(self, description: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.refuse:
            return self.refuse, {"error": "refused"}
        self.created = description
        repo = f"{description['organization']}/{description['name']}"
        return 200, {"url": f"{self.url}/{repo}", "name": repo}

    def _places(self, objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            item | {"actions": {"upload": {"href": f"{self.url}/objects/{item['oid']}"}}}
            for item in objects
        ]

    def _commit(self, repo: list[str], body: bytes) -> dict[str, Any]:
        for line in body.splitlines():
            item = json.loads(line)
            value = item["value"]
            if item["key"] == "file":
                self.files[value["path"]] = base64.b64decode(value["content"])
            elif item["key"] == "lfsFile":
                self.files[value["path"]] = self.objects[value["oid"]]
        address = "/".join([self.url, *repo, "commit", COMMIT])
        return {"success": True, "commitOid": COMMIT, "commitUrl": address}


def _mode(name: str) -> dict[str, Any]:
    large = name.endswith(".safetensors")
    return {"path": name, "uploadMode": "lfs" if large else "regular", "shouldIgnore": False}


@contextmanager
def stand_in_hub(**answers: Any) -> Iterator[StandIn]:
    """A server on a free port of this machine; `answers` are fields of `StandIn`."""
    hub = StandIn(**answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.partition("?")[0]
            call = f"{self.command} {path}"
            hub.calls.append(call)
            is_authorized = self.headers.get("Authorization") == f"Bearer {TOKEN}"
            open_to_all = path.startswith(("/objects/", "/api/agent"))
            status, reply = hub.answer(call, body) if is_authorized or open_to_all else (401, {})
            data = json.dumps(reply).encode()
            self.send_response(status)
            if reply.get("error") == "Repository not found":
                self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hub.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
