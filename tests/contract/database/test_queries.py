"""Questions about a tree: pages, archives and the narrow ones of checks."""

from dataclasses import replace

from builders.rows import NOW, Steps, a_blob, a_put, an_entry, many
from filemanager.domain.blobs.blob import Encoding
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.listing import EntryQuery, FileToRead
from filemanager.domain.trees.tree import Entry, TreeChange, TreePath
from filemanager.domain.workspaces.workspace import Workspace

BYTE_ORDER = ["B", "a", "a ", "a b", "a.tex", "a/b", "aa", "b", "é", "éa", "ﬀ", "\U0001f600"]


def _pages(steps: Steps, workspace: Workspace, query: EntryQuery) -> list[list[Entry]]:
    pages = []
    with steps.database.read() as tx:
        while True:
            page = tx.trees.page(workspace.tree.id, query)
            pages.append(list(page.entries))
            if page.next_after is None:
                return pages
            query = replace(query, after=page.next_after)


def _found(steps: Steps, workspace: Workspace, **asked: object) -> list[str]:
    query = replace(EntryQuery(revision=workspace.revision), **asked)  # type: ignore[arg-type]  # names are checked at run time
    return [entry.public_path for page in _pages(steps, workspace, query) for entry in page]


def test_paths_are_compared_byte_by_byte(steps: Steps) -> None:
    workspace = steps.put(steps.add(), *(an_entry(path) for path in reversed(BYTE_ORDER)))

    assert _found(steps, workspace) == BYTE_ORDER
    with steps.database.read() as tx:
        assert tx.trees.view(workspace.tree, workspace.source_format).source_bounds() == (
            BYTE_ORDER[0],
            BYTE_ORDER[-1],
        )
        for path in BYTE_ORDER:
            assert tx.trees.find(workspace.tree.id, Area.SOURCE, path).path == path


def test_pages_follow_one_another_without_gaps(steps: Steps) -> None:
    ancillary = [replace(entry, area=Area.ANCILLARY) for entry in many(5)]
    junk = an_entry("junk", area=Area.REMOVED)
    workspace = steps.put(steps.add(), junk, *many(7), *ancillary)

    pages = _pages(steps, workspace, EntryQuery(revision=workspace.revision, limit=3))

    assert [len(page) for page in pages] == [3, 3, 3, 3]
    listed = [entry.public_path for page in pages for entry in page]
    assert listed == sorted(f"anc/{e.path}" for e in ancillary) + sorted(e.path for e in many(7))


def test_a_page_is_of_its_revision(steps: Steps) -> None:
    first = steps.put(steps.add(), an_entry("a"), an_entry("b"))
    second = steps.apply(first, TreeChange(end=((Area.SOURCE, TreePath("a")),)))

    assert _found(steps, first) == ["a", "b"]
    assert _found(steps, second) == ["b"]


def test_a_page_can_be_of_one_area_or_kind(steps: Steps) -> None:
    workspace = steps.put(
        steps.add(),
        an_entry("a"),
        replace(an_entry("b"), kind=FileKind.PDF),
        an_entry("c", area=Area.REMOVED),
    )

    assert _found(steps, workspace, area=Area.REMOVED) == ["c"]
    assert _found(steps, workspace, kind=FileKind.PDF) == ["b"]


def test_a_part_of_a_path_is_found_in_any_case(steps: Steps) -> None:
    paths = ("Été.tex", "50%.tex", "a_b.tex", "axb.tex")
    workspace = steps.put(steps.add(), *map(an_entry, paths))

    assert _found(steps, workspace, contains="éT") == ["Été.tex"]
    assert _found(steps, workspace, contains="%") == ["50%.tex"]
    assert _found(steps, workspace, contains="A_B") == ["a_b.tex"]
    assert _found(steps, workspace, contains=".TEX") == sorted(paths)


def test_packed_entries_come_in_the_order_of_archives_with_their_blobs(steps: Steps) -> None:
    empty = replace(a_blob("", key=""), encoding=Encoding.RAW, encoder="")
    steps.database.write(lambda tx: tx.blobs.add(a_put(empty), an_entry("x").modified_at))
    workspace = steps.put(
        steps.add(),
        an_entry("b"),
        an_entry("a", ""),
        an_entry("z", area=Area.ANCILLARY),
        an_entry("junk", area=Area.REMOVED),
    )

    with steps.database.read() as tx:
        first = tx.trees.packed(workspace.tree.id, workspace.revision, None, 2)
        rest = tx.trees.packed(workspace.tree.id, workspace.revision, (Area.SOURCE, "a"), 2)

    assert [(found.area, found.path) for found in first] == [
        (Area.ANCILLARY, "z"),
        (Area.SOURCE, "a"),
    ]
    assert [found.blob for found in (*first, *rest)] == [a_blob("text"), empty, a_blob("text")]


def test_a_small_tree_is_read_whole_with_the_bytes_of_small_packs(steps: Steps) -> None:
    empty = replace(a_blob("", key=""), encoding=Encoding.RAW, encoder="")
    small = a_blob("small", key="small/1", offset=2)
    put = replace(a_put(empty, small), small_packs=(("small/1", b"\0\0\xffmall\0"),))
    steps.database.write(lambda tx: tx.blobs.add(put, an_entry("x").modified_at))
    before = steps.put(steps.add(), an_entry("b"), an_entry("a", ""), an_entry("gone"))
    new = (
        an_entry("c", "small"),
        an_entry("z", area=Area.ANCILLARY),
        an_entry("junk", area=Area.REMOVED),
    )
    workspace = steps.apply(before, TreeChange(put=new, end=((Area.SOURCE, TreePath("gone")),)))

    with steps.database.glance() as tx:
        whole = tx.trees.packed_whole(workspace.tree.id, workspace.revision)
        in_pages = tx.trees.packed(workspace.tree.id, workspace.revision, None, 9)
        then = tx.trees.packed_whole(workspace.tree.id, before.revision)

    assert [replace(one, stored=None) for one in whole] == list(in_pages)
    assert {one.path: one.stored for one in whole if one.stored} == {"c": b"\xffmall"}
    assert [one.path for one in then] == ["a", "b", "gone"]


def test_a_file_is_found_with_its_bytes_where_they_are_few(steps: Steps) -> None:
    small = a_blob("small", key="small/1", offset=2)
    packed = replace(a_put(small), small_packs=(("small/1", b"\0\0\xffmall\0"),))
    steps.database.write(lambda tx: tx.blobs.add(packed, NOW))
    put = steps.put(steps.add(), an_entry("a"), an_entry("b", "small"), an_entry("gone"))
    tree = steps.apply(put, TreeChange(end=((Area.SOURCE, TreePath("gone")),))).tree

    with steps.database.glance() as tx:
        found = {
            path: tx.trees.file_to_read(tree.id, Area.SOURCE, path) for path in ("a", "b", "gone")
        }
        elsewhere = tx.trees.file_to_read(tree.id, Area.ANCILLARY, "a")

    assert found == {
        "a": FileToRead(a_blob("text"), NOW, None),
        "b": FileToRead(small, NOW, b"\xffmall"),
        "gone": None,
    }
    assert elsewhere is None


def test_a_directory_holds_what_lies_below_it_alone(steps: Steps) -> None:
    paths = ("d.tex", "d-x/a", "d0", "d/b", "d/a/c", "e")
    workspace = steps.put(steps.add(), *map(an_entry, paths), an_entry("f/x", area=Area.ANCILLARY))

    with steps.database.read() as tx:
        view = tx.trees.view(workspace.tree, workspace.source_format)
        assert [entry.path for entry in view.below(Area.SOURCE, "d")] == ["d/b", "d/a/c"]
        assert [entry.path for entry in view.below(Area.SOURCE, "")] == list(paths)
        assert view.holds_below(Area.SOURCE, "d/a")
        assert not view.holds_below(Area.SOURCE, "d/b")
        assert not view.holds_below(Area.SOURCE, "f")


def test_the_sole_source_entry_is_told(steps: Steps) -> None:
    one = steps.put(steps.add(), an_entry("a"), an_entry("x", area=Area.ANCILLARY))
    two = steps.put(steps.add(), an_entry("a"), an_entry("b"))

    with steps.database.read() as tx:
        sole = tx.trees.view(one.tree, one.source_format).sole_source()
        assert sole is not None
        assert sole.path == "a"
        assert tx.trees.view(two.tree, two.source_format).sole_source() is None


def test_a_view_knows_counts_and_what_is_not_there(steps: Steps) -> None:
    empty = steps.add()
    workspace = steps.put(steps.add(), an_entry("a"))

    with steps.database.read() as tx:
        view = tx.trees.view(workspace.tree, workspace.source_format)
        assert view.counts == {Area.SOURCE: {FileKind.LATEX2E: 1}}
        assert view.source_format is workspace.source_format
        assert view.find(Area.SOURCE, "b") is None
        assert tx.trees.view(empty.tree, empty.source_format).source_bounds() is None
