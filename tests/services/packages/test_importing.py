"""Importing reference files: all of one, or nothing."""

import json

import pytest

from filemanager.domain.ids import digest_of
from filemanager.domain.packages.errors import ReferenceRefused
from filemanager.domain.sources.errors import SourceObjectGone, SourceUnknown
from filemanager.services.packages.importing import ImportWish
from worlds.packages import CURATOR, HOST, SOURCE, Study, pointer_of

SHA256 = digest_of(b"abc")


def a_reference(name: str, host: str = HOST) -> dict[str, object]:
    url = f"https://{host}/{len(name)}"
    return {"name": name, "url": url, "size": 3, "sha256": SHA256}


def test_json_makes_pointers_to_urls(study: Study) -> None:
    package = study.create()
    references = json.dumps([a_reference("a.tif"), a_reference("b/c.tif")]).encode()

    added = study.importing.add(CURATOR, package.id, ImportWish(references=references, to="data"))

    assert added.count == 2
    assert study.paths(package.id) == ["data/a.tif", "data/b/c.tif"]
    assert study.frozen(package.id).items == 2


def test_lines_are_objects_of_the_source(study: Study) -> None:
    study.object("x/a.tif")
    study.object("b.tif")
    package = study.create()

    wish = ImportWish(references=b"x/a.tif\r\n\n b.tif\n", source=SOURCE)
    study.importing.add(CURATOR, package.id, wish)

    items = study.items(study.edition(package.id))
    assert [item.path for item in items] == ["b.tif", "x/a.tif"]
    assert all(pointer_of(item).sha256 is None for item in items)


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (a_reference("../b"), "'../b'"),
        (a_reference("/b"), "'/b'"),
        (a_reference("b\nc"), "control"),
        (a_reference("b", "elsewhere.test"), "FILEMANAGER_POINTER_HOSTS"),
        ({"name": "b", "url": f"https://{HOST}/b"}, "size and SHA-256"),
        ({"name": "b"}, "none of"),
        ("b", "no JSON object"),
    ],
)
def test_one_line_refuses_the_whole_file(study: Study, second: object, why: str) -> None:
    package = study.create()
    references = json.dumps([a_reference("a"), second]).encode()

    with pytest.raises(ReferenceRefused, match="Line 2") as refused:
        study.importing.add(CURATOR, package.id, ImportWish(references=references))

    assert why in refused.value.message
    assert study.paths(package.id) == []


def test_a_path_needs_a_source_that_has_it(study: Study) -> None:
    package = study.create()

    for wish, refusal in (
        (ImportWish(references=b"a.tif"), ReferenceRefused),
        (ImportWish(references=b"a.tif", source=SOURCE), SourceObjectGone),
        (ImportWish(references=b"a.tif", source="none"), SourceUnknown),
    ):
        with pytest.raises(refusal):
            study.importing.add(CURATOR, package.id, wish)


def test_objects_are_asked_for_a_thousand_at_most(study: Study) -> None:
    package = study.create()
    lines = "\n".join(f"{number}.tif" for number in range(1001))

    wish = ImportWish(references=lines.encode(), source=SOURCE)
    with pytest.raises(ReferenceRefused, match="Line 1001"):
        study.importing.add(CURATOR, package.id, wish)

    assert study.bucket.asked == []
