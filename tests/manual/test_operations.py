"""The page for operators: what it backs up comes back."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import make_url

from builders.papers import PAPER, a_tarball, a_token
from manual.blocks import PAGES
from manual.running import printed
from servers.postgres import new_postgres_database
from servers.radosgw import Gateway
from servers.service import V2, Service, service

PAGE = PAGES / "operations.md"


@dataclass(frozen=True, slots=True)
class Kept:
    """A workspace of a running service, and everything in it."""

    service: Service
    workspace: int
    content: bytes


def filled(running: Service) -> Kept:
    """With versions, an archive that was unpacked, and a file of the bucket door."""
    workspace = running.new_workspace()
    papers = {"main.tex": PAPER, "fig/a.dat": bytes(range(256)) * 400}
    running.upload(f"/{workspace}", "all.tar.gz", a_tarball(papers))
    running.call("POST", f"{V2}/{workspace}/checkpoints", json={"name": "kept"})
    running.put(workspace, "anc/more.txt", b"more")
    dropped = running.call(
        "POST", "/../../bucket/upload", files={"file": ("drop.txt", b"a drop")},
        headers={"Authorization": a_token("1", "bucket:write")},
    )  # fmt: skip
    assert dropped.ok, dropped.text
    return Kept(running, workspace, content(running, workspace))


def content(running: Service, workspace: int) -> bytes:
    return running.get(f"{V2}/{workspace}/content.tar.gz").content


@pytest.mark.e2e
@pytest.mark.postgres
@pytest.mark.s3
def test_what_the_page_backs_up_comes_back(
    tmp_path: Path, postgres_url: str, s3_gateway: Gateway
) -> None:
    live, drilled = new_postgres_database(postgres_url), _named(postgres_url, "drill")
    values = {
        "FILEMANAGER_ENV_FILE": str(tmp_path / "settings"),
        "BACKUP": str(tmp_path / "backup"),
        "DATABASE": _for_its_tools(live),
        "DRILL_DATABASE": _for_its_tools(drilled),
        "BUCKET": s3_gateway.new_bucket(),
        "BACKUP_BUCKET": s3_gateway.new_bucket(),
        "DRILL_BUCKET": s3_gateway.new_bucket(),
        **_store(s3_gateway),
    }
    (tmp_path / "settings").write_text(f"FILEMANAGER_DATA_DIR={tmp_path}/one\n")
    (here := tmp_path / "here").mkdir()

    with (
        service(tmp_path / "one") as one,
        service(tmp_path / "node", **_settings(live, values["BUCKET"], s3_gateway)) as node,
    ):
        kept, shared = filled(one), filled(node)
        output = printed(PAGE, here, values)

    assert re.findall(r"^problems: \d+$", output, re.MULTILINE) == ["problems: 0"] * 4
    with service(here / "drill" / "data") as brought_back:
        assert content(brought_back, kept.workspace) == kept.content
    drill = _settings(drilled, values["DRILL_BUCKET"], s3_gateway)
    with service(here / "drill-node", **drill) as brought_back:
        assert content(brought_back, shared.workspace) == shared.content


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _for_its_tools(url: str) -> str:
    """As PostgreSQL's own programs read it: SQLAlchemy's drivers are nothing to them."""
    return url.replace("postgresql+psycopg:", "postgresql:")


def _store(gateway: Gateway) -> dict[str, str]:
    return {
        "FILEMANAGER_S3_ENDPOINT": gateway.endpoint_url,
        "FILEMANAGER_S3_ACCESS_KEY": gateway.access_key,
        "FILEMANAGER_S3_SECRET_KEY": gateway.secret_key,
    }


def _settings(database: str, bucket: str, gateway: Gateway) -> dict[str, str]:
    named = {"FILEMANAGER_DATABASE_URL": database, "FILEMANAGER_S3_BUCKET": bucket}
    return {**named, **_store(gateway)}
