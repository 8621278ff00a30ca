"""The defects of RWS, by the numbers of the list that we were given: none of them is ours.

Those of many processes, of time and of memory are shown where there are such: 2, 5 and 6 by
``crash/test_repositories.py`` and ``e2e/repositories/test_crowd.py``, 4 by
``services/repositories/test_costs.py``, 7 by ``services/repositories/test_faults.py``, 11 by
``e2e/repositories/test_memory.py``, 16 by ``unit/signing``.
"""

import gzip
import re
from collections.abc import Callable

import pytest

from builders.debian import a_deb
from builders.rpms import an_rpm, files_of, tags_of
from filemanager.db.database import SqlDatabase
from filemanager.domain.repositories.repository import repository_subject
from filemanager.settings.service import Settings
from people.pushers import Pusher

APT, YUM = "live/2.8/ubuntu", "live/2.8/el/9"
FOCAL, JAMMY = f"{APT}/focal", f"{APT}/jammy"
INDEX = f"{APT}/dists/focal/main/binary-amd64/Packages"
TINY = "tiny_1.0-1_amd64.deb"

Publish = Callable[[], None]


def deb(name: str, **fields: str) -> dict[str, bytes]:
    return {f"{name}_1.0-1_amd64.deb": a_deb({"Package": name, **fields})}


def names(reader: Pusher, index: str = INDEX) -> list[str]:
    return re.findall("^Package: (.*)$", reader.get(index).text, re.MULTILINE)


@pytest.mark.parametrize(
    "poison",
    [
        {"Tiny_1.0-1_amd64.deb": a_deb({"Package": "Tiny"})},
        {"junk_1.0-1_amd64.deb": b"a file of text\n"},
        {"junk_1.0-1_amd64.deb": b""},
        {"cut_1.0-1_amd64.deb": a_deb({"Package": "cut"})[:300]},
    ],
    ids=["upper case", "text", "empty", "cut off"],
)
def test_01_one_bad_package_keeps_no_other_from_being_published(
    rws: Pusher, reader: Pusher, publish: Publish, poison: dict[str, bytes]
) -> None:
    refused = rws.push(FOCAL, {**deb("beside"), **poison}, "tiny")
    assert refused.status_code == 400
    assert next(iter(poison)) in refused.get_json()["message"]

    assert rws.push(FOCAL, deb("later"), "tiny").status_code == 201
    assert rws.push(JAMMY, deb("other"), "tiny").status_code == 201
    publish()

    assert names(reader) == ["later"]
    assert names(reader, INDEX.replace("focal", "jammy")) == ["other"]


def test_03_what_a_file_is_called_breaks_no_metadata(
    rws: Pusher, reader: Pusher, publish: Publish
) -> None:
    cells = tags_of() | files_of(("/usr/bin/a&b<c", 0o100755, 0))
    assert rws.push(YUM, {"tiny-1.0-1.x86_64.rpm": an_rpm(cells)}).status_code == 201
    publish()

    repomd = reader.get(f"{YUM}/x86_64/repodata/repomd.xml").text
    for path in re.findall('href="([^"]+)"', repomd):
        text = gzip.decompress(reader.get(f"{YUM}/x86_64/{path}").data)
        assert b"a&b" not in text
    (filelists,) = re.findall('"(.*filelists.xml.gz)"', repomd)
    told = gzip.decompress(reader.get(f"{YUM}/x86_64/{filelists}").data)
    assert b"<file>/usr/bin/a&amp;b&lt;c</file>" in told


@pytest.mark.parametrize(
    "path",
    ["..%2fprivate/other.txt", "%2e%2e/private", "live/..%2f..%2f..%2fetc/passwd", "..%5cx", "%00"],
)
def test_08_nothing_outside_is_read(reader: Pusher, path: str) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("product", ["../../../../evil", "..", "a/b", ".a", "a\\b", "a\nb", "é"])
def test_09_a_product_is_one_segment(rws: Pusher, product: str) -> None:
    refused = rws.push(FOCAL, deb("tiny"), product)

    assert refused.status_code == 400
    assert "product" in refused.get_json()["message"]


@pytest.mark.parametrize("name", ["../tiny_1.0-1_amd64.deb", "a/../../tiny_1.0-1_amd64.deb"])
def test_09_a_file_name_leads_nowhere(
    rws: Pusher, reader: Pusher, publish: Publish, name: str
) -> None:
    sent = rws.push(FOCAL, {name: a_deb()}, "tiny")
    publish()

    assert sent.status_code in (201, 400)
    page = reader.get(f"{APT}/pool/focal/main/t/tiny").text if sent.status_code == 201 else ""
    assert ".." not in page


def test_10_what_is_missing_is_404(rws: Pusher, reader: Pusher, publish: Publish) -> None:
    assert rws.rebuild(FOCAL).status_code == 200
    publish()

    for path in ("none", f"{APT}/dists/none/Release", f"{INDEX}.none"):
        assert reader.get(path).status_code == 404


def test_12_a_push_to_several_is_taken_by_all_or_by_none(rws: Pusher, settings: Settings) -> None:
    assert rws.push(FOCAL, deb("tiny"), "tiny").status_code == 201
    other = deb("tiny", Description="other bytes")

    assert rws.push("tools/ubuntu/focal", other, "tiny").status_code == 409

    with SqlDatabase(settings.database).read() as tx:
        found = tx.repositories.find("release/modules/ubuntu/focal")
        assert tx.quotas.usage(repository_subject("release/modules/ubuntu/focal")).used_bytes == 0
    assert found is None


def test_13_a_version_is_published_once(rws: Pusher, reader: Pusher, publish: Publish) -> None:
    assert rws.push(FOCAL, deb("tiny"), "tiny").status_code == 201
    assert rws.push(FOCAL, deb("tiny", Description="other"), "tiny").status_code == 409
    publish()

    assert reader.get(f"{APT}/pool/focal/main/t/tiny/{TINY}").data == deb("tiny")[TINY]


def test_14_architectures_of_one_version_are_packages_of_their_own(
    rws: Pusher, reader: Pusher, publish: Publish
) -> None:
    for arch in ("x86_64", "aarch64"):
        file = {f"tiny-1.0-1.{arch}.rpm": an_rpm(tags_of(arch=arch))}
        assert rws.push(YUM, file).status_code == 201
        publish()

    revisions = []
    for arch in ("x86_64", "aarch64"):
        repomd = reader.get(f"{YUM}/{arch}/repodata/repomd.xml").text
        primary = re.findall('"(.*primary.xml.gz)"', repomd)[0]
        text = gzip.decompress(reader.get(f"{YUM}/{arch}/{primary}").data).decode()
        assert re.findall("<arch>(.*)</arch>", text) == [arch]
        assert '<version epoch="0"' in text
        revisions += re.findall("<revision>(.*)</revision>", repomd)
    assert revisions == ["2", "2"]


def test_15_a_push_of_nothing_and_a_deletion_by_nobody_are_refused(
    rws: Pusher, reader: Pusher
) -> None:
    assert rws.push(FOCAL, {}, "tiny").status_code == 400
    assert reader.call("DELETE", FOCAL).status_code == 401


def test_17_the_name_of_a_download_is_well_formed(
    rws: Pusher, reader: Pusher, publish: Publish
) -> None:
    name = "tiny_1%3a1.0-1_amd64.deb"
    assert rws.push(FOCAL, {name: a_deb({"Version": "1:1.0-1"})}, "tiny").status_code == 201
    publish()

    quoted = name.replace("%", "%25")
    told = reader.head(f"{APT}/pool/focal/main/t/tiny/{quoted}").headers["Content-Disposition"]
    plain = name.replace("%", "_")
    assert told == f"attachment; filename={plain}; filename*=UTF-8''{quoted}"


def test_18_a_repository_without_packages_can_be_read(
    reader: Pusher, rws: Pusher, publish: Publish
) -> None:
    assert rws.rebuild(FOCAL).status_code == 200
    publish()

    assert reader.get(f"{APT}/dists/focal/Release").status_code == 200
    assert reader.get(INDEX).data == b""


@pytest.mark.parametrize("path", ["li", "live/2", f"{APT}/dists/focal/Rele", f"{APT}/pool/foc"])
def test_19_the_beginning_of_a_name_is_no_name(
    rws: Pusher, reader: Pusher, publish: Publish, path: str
) -> None:
    assert rws.push(FOCAL, deb("tiny"), "tiny").status_code == 201
    publish()

    assert reader.get(path).status_code == 404
