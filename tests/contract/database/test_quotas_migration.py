"""The migrations that begin to count what is kept, on data from before them."""

from alembic import command
from sqlalchemy import create_engine, text

from builders.rows import NOW
from filemanager.db.database import SqlDatabase
from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.migrate import configuration, upgrade
from filemanager.domain.caller import owner_of
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.quotas import (
    Usage,
    open_workspaces_subject,
    owner_subject,
    workspace_subject,
)

AT = milliseconds(NOW)
FOREVER = 2**63 - 1


def _insert(table: str, **values: object) -> str:
    named = ", ".join(f"`{name}`" for name in values)
    given = ", ".join(f"'{value}'" for value in values.values())
    return f"INSERT INTO {table} ({named}) VALUES ({given})"  # noqa: S608  # the test writes it all


def _tree(key: int) -> str:
    zeros = dict.fromkeys(
        (
            "revision",
            "next_position",
            "next_ordinal",
            "source_bytes",
            "ancillary_bytes",
            "content_bytes",
        ),
        0,
    )
    return _insert("trees", id=key, **zeros, counts="{}")


def _workspace(key: int, owner: str) -> str:
    times = dict.fromkeys(("created_at", "modified_at", "started_at", "completed_at"), AT)
    return _insert(
        "workspaces",
        id=key,
        tree_id=key,
        owner=owner,
        status="ACTIVE",
        source_format="invalid",
        readiness="READY",
        profile="arxiv",
        metadata="{}",
        **times,
    )


def _entry(tree: int, path: str, size: int, until: int = FOREVER) -> str:
    return _insert(
        "entries",
        tree_id=tree,
        area="source",
        path=path,
        since=1,
        until=until,
        position=0,
        kind="text",
        size_bytes=size,
        packed_bytes=0,
        digest="d" * 64,
        modified_at=AT,
        kept_by_owner=0,
    )


def _blob() -> str:
    return _insert(
        "blobs",
        digest="d" * 64,
        size_bytes=1,
        crc32=1,
        encoding="raw",
        encoder="",
        offset=0,
        stored_bytes=1,
        stored_crc32=1,
        wanted_at=AT,
    )


def _fill(url: str) -> None:
    """Alice has two workspaces, one with history; Bob has an empty one."""
    statements = [
        _blob(),
        *(_tree(key) for key in (1, 2, 3)),
        *(_workspace(key, owner) for key, owner in ((1, "i:alice"), (2, "i:alice"), (3, "i:bob"))),
        _entry(1, "a", 10),
        _entry(1, "a", 5, until=2),
        _entry(2, "b", 5000),
    ]
    engine = create_engine(url)
    quote = "`" if engine.dialect.name == "mysql" else '"'
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement.replace("`", quote)))
    engine.dispose()


def test_what_is_kept_is_counted_from_the_entries_there_are(empty_database_url: str) -> None:
    command.upgrade(configuration(empty_database_url), "0002")
    _fill(empty_database_url)

    upgrade(empty_database_url)

    database = SqlDatabase(empty_database_url)
    with database.read() as tx:
        kept = [tx.workspaces.get(WorkspaceId(key)).tree.kept_bytes for key in (1, 2, 3)]
        owners = [tx.quotas.usage(owner_subject(owner_of("i", name))) for name in ("alice", "bob")]
        opened = [open_workspaces_subject(owner_of("i", name)) for name in ("alice", "bob")]
        open_ones = [tx.quotas.usage(subject).used_bytes for subject in opened]
        first = tx.quotas.usage(workspace_subject(WorkspaceId(1)))
    database.close()
    assert kept == [2 * 4096, 5000, 0]
    assert owners == [Usage(2 * 4096 + 5000, 0), Usage(0, 0)]
    assert first == Usage(2 * 4096, 0)
    assert open_ones == [2, 1]
    command.downgrade(configuration(empty_database_url), "0002")
    upgrade(empty_database_url)
