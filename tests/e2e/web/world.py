"""One of everything that a page shows: made over HTTP, once, and where each is seen."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests
from werkzeug.security import generate_password_hash

from builders.debian import a_deb
from builders.keys import a_key
from builders.papers import a_tarball, a_token
from filemanager.tokens import EVERYDAY
from people.visitors import md5, sharded
from servers.service import PATIENCE_SECONDS, V2, Service, service

SCOPES = (*EVERYDAY, "package:read", "package:write", "package:share", "upload:admin")
PASSWORD = "sesame"
REPOSITORY = "live/2.8/ubuntu/focal"
REPOSITORIES = {
    "model": {
        "supported_repos": {
            "repo_kind": ["live"],
            "tarantool_series": ["2.8"],
            "distrs": {"ubuntu": {"base": "deb", "versions": ["focal"]}},
        }
    }
}
MAIN = (
    b"\\documentclass{article}\n\\begin{document}\n\\includegraphics{rings}\n"
    b"% TODO: hide\n\\end{document}\n"
)
TERMS = {
    "title": "Papers", "profile": "generic", "closes_at": "2099-01-01T00:00:00Z", "ask": ["Name"],
    "max_files": 10, "max_bytes": 1 << 20, "max_file_bytes": 1 << 20, "slug": "papers",
}  # fmt: skip
TARBALL = a_tarball({"d/a.txt": b"a", "b.txt": b"b"}, "w")


@dataclass(frozen=True, slots=True)
class Everything:
    """Paths of pages: for everybody, and for who is signed in with the service's token."""

    node: Service
    open: Sequence[str]
    signed_in: Sequence[str]


@contextmanager
def a_world(home: Path) -> Iterator[Everything]:
    (home / "disk" / "runs").mkdir(parents=True)
    for name in ("notes.txt", "runs/a.csv"):
        (home / "disk" / name).write_text(name)
    source = {"name": "disk", "kind": "directory", "path": str(home / "disk"), "readers": ["*"]}
    (home / "sources.json").write_text(json.dumps([source]))
    (home / "rws.json").write_text(json.dumps(REPOSITORIES))
    settings = {
        "BUCKET_ANONYMOUS": "write",
        "REPLICATE_0": "user/${USERNAME}",
        "FILEMANAGER_SOURCE_DIRECTORIES": str(home),
        "FILEMANAGER_SOURCES_FILE": str(home / "sources.json"),
        "GPG_SIGN_KEY_ARMORED": str(a_key()),
        "RWS_CFG": str(home / "rws.json"),
        "RWS_CREDENTIALS": json.dumps({"rws": generate_password_hash(PASSWORD)}),
    }
    with service(home / "data", **settings) as running:
        node = replace(running, token=a_token("1", *SCOPES))
        yield Everything(
            node,
            [
                "/", "/login", "/nothing", "/docs", "/docs/problems/not_found",
                "/docs/findings/main_file", *bucket(node), *repositories(node), *guests(node),
            ],
            [*packages(node), *workspaces(node), *invitations(node), "/admin?owner=arxiv:1",
             "/admin/sources"],
        )  # fmt: skip


def ask(node: Service, method: str, path: str, **sent: Any) -> requests.Response:
    headers = {"Authorization": node.token, **sent.pop("headers", {})}
    answer = requests.request(
        method, f"{node.url}{path}", headers=headers, timeout=PATIENCE_SECONDS, **sent
    )
    assert answer.ok, (method, path, answer.status_code, answer.text)
    return answer


def workspaces(node: Service) -> list[str]:
    """A paper that lacks a picture, and of which something was taken out."""
    made = node.new_workspace()
    node.put(made, "main.tex", MAIN)
    node.call("POST", f"{V2}/{made}/checkpoints", json={"name": "first"})
    node.put(made, "main.tex", MAIN + b"% more\n")
    node.put(made, ".hidden", b"x")
    home, locked = f"/w/{made}", node.new_workspace()
    node.put(locked, "main.tex", MAIN)
    ask(node, "POST", f"/filemanager/api{V2}/{locked}/lock", json={"reason": "Handed in"})
    return [
        "/w", home, f"{home}/f/main.tex", f"{home}/checkpoints", f"{home}/diff?from=0",
        f"{home}/diff?from=0&path=main.tex", "/w/999", f"/w/{locked}/receipt",
    ]  # fmt: skip


def bucket(node: Service) -> list[str]:
    sent = {"file": ("d.tar", TARBALL)}
    ask(node, "POST", "/bucket/upload", files=sent, headers={"Username": "bob"} | UNSIGNED)
    return [
        f"/bucket/{path}"
        for path in (
            "", "upload", "upload/inspect", "checksum", f"checksum/{md5(TARBALL)}", "checksum/00",
            "blob/", "replica/", "replica/user/bob/", f"{sharded('explode', md5(TARBALL))}/",
            f"{sharded('explode', md5(TARBALL))}/d/",
        )
    ]  # fmt: skip


UNSIGNED: dict[str, Any] = {"Authorization": None}
"""In place of the token: who is nobody in particular."""


def repositories(node: Service) -> list[str]:
    basic = {"auth": ("rws", PASSWORD), "headers": UNSIGNED}
    files = {"a": ("tiny_1.0-1_amd64.deb", a_deb())}
    place = f"/repositories/{REPOSITORY}?wait=true"
    ask(node, "PUT", place, files=files, data={"product": "tiny"}, **basic)
    at = f"/repositories/api/{REPOSITORY}/snapshots"
    ask(node, "POST", at, json={"name": "stable"}, **basic)
    return [
        f"/repositories/{path}"
        for path in (
            "", "index", "live/2.8/ubuntu", "live/2.8/ubuntu/dists/focal",
            "live/2.8/ubuntu/pool/focal/main/t/tiny", "nothing",
        )
    ]  # fmt: skip


def guests(node: Service) -> list[str]:
    """Of an invitation: its page, one who begun, one who confirmed; and of shares, by others."""
    ask(node, "POST", "/filemanager/api/v2/invitations", json=TERMS)
    return ["/u/papers", "/u/nothing", a_guest(node), (own := a_guest(node, confirms=True)),
            f"{own}receipt"]  # fmt: skip


def a_guest(node: Service, *, confirms: bool = False) -> str:
    """The path of their own page, by the forms that a browser without scripts sends."""
    ours = {"headers": {"Origin": node.url} | UNSIGNED, "allow_redirects": False}
    begun = ask(node, "POST", "/u/papers/begin", data={"answer-0": "Ada"}, **ours)
    own = f"/g/{begun.headers['Location'].partition('g/')[2]}"
    sent = {"file": ("a.txt", b"text")}
    ask(node, "POST", f"{own}send", files=sent, data={"unpack": ""}, **ours)
    if confirms:
        ask(node, "POST", f"{own}confirmed", **ours)
    return own


def packages(node: Service) -> list[str]:
    """One that is frozen and shared twice."""
    api = "/packages/api/packages"
    described = {"name": "Rings", "license": "CC-BY-4.0", "creators": ["Ann"]}
    number = ask(node, "POST", api, json=described).json()["id"]
    place, home = f"{api}/{number}", f"/packages/{number}"
    ask(node, "PUT", f"{place}/items/README.md", data=b"# Rings\n\nA [link](https://x.test).\n")
    ask(node, "PUT", f"{place}/items/notes/first.txt", data=b"one two")
    wanted = {"source": "disk", "keys": [{"key": "notes.txt", "path": "about.txt"}]}
    ask(node, "POST", f"{place}/items:add", json=wanted)
    ask(node, "POST", f"{place}:freeze", json={"partial": True})
    for terms in ({"slug": "rings"}, {"slug": "closed", "password": PASSWORD}):
        ask(node, "POST", f"{place}/shares", json={"version": 1, **terms})
    return [
        "/packages", "/packages?q=unknown", "/packages/shares", home,
        f"{home}/item?path=README.md", f"{home}/item?path=about.txt", f"{home}/diff?from=1",
        f"{home}?version=1", f"{home}/versions", f"{home}/sources", f"{home}/sources/disk",
        f"{home}/import", f"{home}/shares", f"{home}/shares/rings", "/s/rings/",
        "/s/rings/?directory=notes",
        "/s/rings/f/", "/s/rings/v/README.md", "/s/rings/v/notes/first.txt", "/s/closed/",
        "/s/nothing/",
        "/s/rings/f/nothing",
    ]  # fmt: skip


def invitations(node: Service) -> list[str]:
    (made,) = ask(node, "GET", "/filemanager/api/v2/invitations").json()["invitations"]
    home = f"/invitations/{made['id']}"
    return ["/invitations", home, f"{home}/guests/1"]
