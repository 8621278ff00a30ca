"""Lists of digests."""

import subprocess
from pathlib import Path

import pytest

from builders.editions import a_listed_item, a_pending_item, an_edition, items_of
from filemanager.domain.ids import digest_of
from filemanager.exports.document import ExportDocument, written
from filemanager.exports.lists.checksums import MD5_SUMS, SHA256_SUMS

NAMES = ("-", "a b", "back\\slash", "ü/#x", " lead", "*star", "two  blanks", "\u2028")


def test_what_is_pending_is_listed_as_that() -> None:
    items = items_of(a_listed_item("a", b"x"), a_pending_item("b"))

    assert b"".join(written(SHA256_SUMS, an_edition(), items)).decode() == (
        f"{digest_of(b'x')}  a\n# pending, without a SHA-256: b\n"
    )
    assert b"".join(written(MD5_SUMS, an_edition(), items)).decode() == (
        "9dd4e461268c8034f5c8564e155c67a6  a\n# without an MD5: b\n"
    )


@pytest.mark.judges
@pytest.mark.parametrize(("document", "tool"), [(SHA256_SUMS, "sha256sum"), (MD5_SUMS, "md5sum")])
def test_the_gnu_tools_find_every_file(document: ExportDocument, tool: str, tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    listed = [a_listed_item(name, name.encode()) for name in NAMES]
    items = items_of(*listed, a_pending_item("not there"))
    sums = b"".join(written(document, an_edition(), items))

    command = [tool, "--check", "--strict", "--quiet"]
    done = subprocess.run(command, cwd=tmp_path, input=sums, capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
