"""Advice: each blob read once, what was found kept with it, and never a refusal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

import pytest

from builders.papers import a_tarball
from filemanager.domain.blobs.blob import Content, StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import StoreUnavailable, WritersWait
from filemanager.domain.ids import Revision, WorkspaceId, digest_of
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.sanitize.advice import readme
from filemanager.services.facts import FactService
from filemanager.services.workspaces import advice
from filemanager.services.workspaces.advice import AdviceService
from filemanager.services.workspaces.life import Wishes, WorkspaceService
from worlds.stored import ALICE, ROOM, World

PAPER = b"\\documentclass{article}\n\\begin{document}\n\\end{document}\n"
FILES = {"a.tex": PAPER, "b.txt": b"Nobody names this.\n"}


@dataclass(slots=True)
class CountingStore:
    """A store that keeps which blobs were read, and fails when told to."""

    store: BlobStore
    reads: list[str] = field(default_factory=list)
    fails: bool = False

    def content(self, blob: StoredBlob) -> Content:
        self._note(blob)
        return self.store.content(blob)

    def read_stored(self, blob: StoredBlob, start: int, stop: int) -> Iterator[bytes]:
        self._note(blob)
        return self.store.read_stored(blob, start, stop)

    def read_run(self, key: str, start: int, stop: int) -> bytes:
        self.reads.append(key)
        return self.store.read_run(key, start, stop)

    def read(self, blob: StoredBlob) -> Iterator[bytes]:
        self._note(blob)
        return self.store.read(blob)

    def _note(self, blob: StoredBlob) -> None:
        if self.fails:
            raise StoreUnavailable
        self.reads.append(blob.digest)


def filled(world: World, files: Mapping[str, bytes], profile: str = "arxiv") -> WorkspaceId:
    service = WorkspaceService(world.database, ROOM, world.clock)
    workspace_id = service.create(ALICE, Wishes(profile=profile)).id
    world.upload(workspace_id, files)
    return workspace_id


def ask(
    world: World, workspace_id: WorkspaceId, store: CountingStore | None = None
) -> list[Finding]:
    blobs = cast("BlobStore", store or world.blobs)  # all that is called is there
    with world.database.read() as tx:
        revision = tx.workspaces.get(workspace_id).revision
    return list(AdviceService(world.database, blobs).of(workspace_id, revision))


def codes(found: list[Finding]) -> list[str]:
    return [one.code for one in found]


def test_advice_is_given(world: World) -> None:
    found = ask(world, filled(world, FILES))

    assert [(one.code, one.path) for one in found] == [
        ("main_file", "a.tex"), ("unreached_file", "b.txt"),
    ]  # fmt: skip


def test_each_blob_is_read_once(world: World) -> None:
    store = CountingStore(world.blobs)
    first = filled(world, FILES)
    second = filled(world, {**FILES, "c.txt": b"More.\n"})

    ask(world, first, store)
    ask(world, first, store)
    ask(world, second, store)

    assert sorted(store.reads) == sorted(map(digest_of, [*FILES.values(), b"More.\n"]))


def test_what_lies_together_is_read_together(world: World) -> None:
    store = CountingStore(world.blobs)
    files = {f"s/{number:03}.tex": b"%d \\input{x}\n" % number for number in range(300)}
    workspace_id = filled(world, {})
    world.send(workspace_id, "all.tar", a_tarball(files, "w"), unpack=True)

    found = ask(world, workspace_id, store)

    assert "advice_incomplete" not in codes(found)
    assert len(store.reads) <= 4


def test_one_damaged_blob_hides_no_other(world: World) -> None:
    files = {f"{number}.tex": b"%d \\input{x}\n" % number for number in range(3)}
    workspace_id = filled(world, {})
    world.send(workspace_id, "all.tar", a_tarball(files, "w"), unpack=True)
    world.damage(world.place_of(files["1.tex"]))

    (incomplete,) = ask(world, workspace_id)

    assert incomplete.message == "Not looked at yet: 1 of 3 files. Ask again."


def test_what_is_kept_is_no_fact_of_a_file(world: World) -> None:
    workspace_id = filled(world, FILES)
    facts = FactService(world.database, world.blobs, lambda _: "text/plain")
    facts.of([digest_of(PAPER)])

    ask(world, workspace_id)

    assert facts.of([digest_of(PAPER)])[digest_of(PAPER)].media_type == "text/plain"


def test_another_profile_gets_none_and_nothing_is_read(world: World) -> None:
    store = CountingStore(world.blobs)

    assert ask(world, filled(world, FILES, "generic"), store) == []
    assert store.reads == []


@pytest.mark.parametrize("severity", [Severity.WARN, Severity.FATAL])
def test_where_another_severity_is_wanted_nothing_is_read(world: World, severity: Severity) -> None:
    store = CountingStore(world.blobs)
    service = AdviceService(world.database, cast("BlobStore", store))  # as above

    assert service.of(filled(world, FILES), Revision(1), severity) == ()
    assert store.reads == []


def test_a_damaged_blob_is_left_out(world: World) -> None:
    workspace_id = filled(world, FILES)
    world.damage(world.place_of(FILES["b.txt"]))

    (incomplete,) = ask(world, workspace_id)

    assert incomplete.message == "Not looked at yet: 1 of 2 files. Ask again."


def test_a_store_that_fails_is_no_refusal(world: World) -> None:
    store = CountingStore(world.blobs, fails=True)
    workspace_id = filled(world, {"00README.json": b"{}", **FILES})

    failed = ask(world, workspace_id, store)
    store.fails = False

    assert codes(failed) == ["readme_directives", "advice_incomplete"]
    assert codes(ask(world, workspace_id, store)) == [
        "readme_directives", "main_file", "unreached_file",
    ]  # fmt: skip


@pytest.mark.parametrize("limit", ["max_new_files", "max_new_bytes"])
def test_one_question_reads_so_much_and_the_next_goes_on(world: World, limit: str) -> None:
    service = AdviceService(world.database, world.blobs, **{limit: 1})
    workspace_id = filled(world, FILES)

    answers = [codes(list(service.of(workspace_id, Revision(2)))) for _ in range(2)]

    assert answers == [["advice_incomplete"], ["main_file", "unreached_file"]]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"00README.json": b"{}", "00README.XXX": b"{"}, "readme_directives"),
        ({"00README.yaml": b"x"}, "readme_unreadable"),
        ({"00README.XXX": b"a ignore\n" * 8000}, "readme_too_large"),
        ({"00README.XXX": b"a ignore\n" * 7000}, "readme_directives"),
        ({"00README.json": b" " * 8193}, "readme_too_large"),
        ({"00README.toml": b"a.b.c.d.e.f.g.h.i = 1"}, "readme_too_large"),
    ],
)
def test_the_readme_that_counts_is_read(
    world: World, files: Mapping[str, bytes], found: str
) -> None:
    readme = next(one for one in ask(world, filled(world, files)) if "readme" in one.code)

    assert (readme.code, readme.path) == (found, next(iter(files)))


def test_one_that_is_too_large_is_taken_as_absent(world: World) -> None:
    workspace = filled(world, {"00README.json": b" " * 8193, "00README.XXX": b"a toplevelfile\n"})

    found = [(one.severity, one.code, one.path) for one in ask(world, workspace)]

    assert (Severity.WARN, "readme_too_large", "00README.json") in found
    assert (Severity.INFO, "readme_directives", "00README.XXX") in found
    service = AdviceService(world.database, world.blobs)
    with world.database.read() as tx:
        revision = tx.workspaces.get(workspace).tree.revision
    for severity in (Severity.WARN, Severity.INFO, Severity.FATAL):
        told = service.of(workspace, revision, severity)
        assert {one.severity for one in told} <= {severity}


def test_it_is_parsed_when_it_comes_and_kept(world: World) -> None:
    data = b'{"sources": [{"filename": "a.tex", "usage": "toplevel"}]}'
    workspace = filled(world, {"00README.json": data})
    with world.database.read() as tx:
        kept = tx.blobs.facts([digest_of(data)])[digest_of(data)]
    world.objects.delete(world.place_of(data).object_key)

    readme = next(one for one in ask(world, workspace) if "readme" in one.code)

    assert list(kept) == ["readme-1.json"]
    assert "Main files named: 'a.tex'." in readme.message


def test_a_database_that_takes_no_writes_is_no_refusal(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = filled(world, {**FILES, "00README.json": b"{}"})
    before = codes(ask(world, workspace))

    def refuse(*_: object) -> None:
        raise WritersWait

    # What was kept is of an older reader, so that all is read, and would be kept, anew.
    monkeypatch.setattr(readme, "_VERSION", 0)
    monkeypatch.setattr(advice, "_FACT", "advice-0")
    monkeypatch.setattr(type(world.database), "write", refuse)

    assert codes(ask(world, workspace)) == before
