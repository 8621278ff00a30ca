"""What http-bucket did wrong, each shown not to happen here."""

import gzip
import io
import tarfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from builders.papers import a_tarball
from filemanager.api.bucket.door import BucketDoor
from filemanager.api.http.front.rule_clashes import AddressClaimedTwice
from filemanager.factory import application as factory
from filemanager.settings.bucket import BucketSettings
from filemanager.settings.service import Settings
from people.visitors import Visitor, md5

COLLIDING = [
    bytes.fromhex(
        "d131dd02c5e6eec4693d9a0698aff95c2fcab5" + one + "12467eab4004583eb8fb7f8955ad340609f4b3"
        "0283e4888325" + two + "415a085125e8f7cdc99fd91dbd" + three + "80373c5bd8823e3156348f5bae"
        "6dacd436c919c6dd53e2" + four + "87da03fd02396306d248cda0e99f33420f577ee8ce54b67080"
        + five + "0d1ec69821bcb6a8839396f965" + six + "6ff72a70"
    )
    for one, two, three, four, five, six in [
        ("87", "71", "f2", "b4", "a8", "2b"),
        ("07", "f1", "72", "34", "28", "ab"),
    ]
]  # fmt: skip
"""Two files with one MD5."""


def a_tar_of(*members: tarfile.TarInfo) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"x" * member.size))
    return made.getvalue()


def a_member(name: str, kind: bytes = tarfile.REGTYPE, **more: Any) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = kind
    member.size = 1 if kind == tarfile.REGTYPE else 0
    for attribute, value in more.items():
        setattr(member, attribute, value)
    return member


def test_a_member_that_leaves_the_archive_is_left_out(
    dana: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    answer = dana.keep("a.tar", a_tar_of(a_member("../pwned.txt"), a_member("good")))

    assert not (tmp_path.parent / "pwned.txt").exists()
    listed = dana.get(answer["path"]["archive"]).get_json()["entries"]
    assert listed == [{"name": "good", "size": 1}]
    assert any("path that leaves the archive" in line for line in answer["log"])


@pytest.mark.parametrize("form", ["{cwd}/pwned.txt", "{cwd}-sibling/x.txt"])
def test_a_member_at_the_root_lands_in_the_archive_and_is_told(
    dana: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    name = form.format(cwd=tmp_path)

    answer = dana.keep("a.tar", a_tar_of(a_member(name), a_member("good")))

    assert not Path(name).exists()
    assert dana.get(f"{answer['path']['archive']}{name}").status_code == 200
    assert any(f"'{name}' is '{name[1:]}': leading slash dropped" in line for line in answer["log"])


def test_a_file_twice_in_an_archive_is_told(dana: Visitor) -> None:
    answer = dana.keep("a.tar", a_tar_of(a_member("good"), a_member("good")))

    assert any("'good' is in it twice: the later one is shown" in line for line in answer["log"])


def test_nested_directories_explode_whole_the_first_time_and_the_second(dana: Visitor) -> None:
    packed = a_tarball({"d/sub/deep/y": b"1", "d/z": b"2"})

    answers = [dana.keep("n.tgz", packed) for _ in range(2)]

    for answer in answers:
        top = answer["path"]["archive"]
        assert dana.get(f"{top}/d/sub/deep/y").data == b"1"
        assert dana.get(f"{top}/d/z").data == b"2"
    assert not Path("/d/sub").exists()


def test_a_refused_upload_leaves_nothing_in_the_scratch_space(
    dana: Visitor, settings: Settings
) -> None:
    dana.send({"a": b"x" * (4 << 20), "../..": b"y"})

    assert list(settings.scratch.iterdir()) == []


@pytest.mark.parametrize("special", [{"max_unpacked_bytes": 1 << 20}])
def test_a_bomb_is_413_and_nothing_is_kept(dana: Visitor) -> None:
    response = dana.send({"ok.txt": b"1", "bomb.gz": gzip.compress(bytes(4 << 20))})

    error = (
        "The upload unpacks to more than the limit of 1048576 unpacked bytes. Nothing was added."
    )
    wanted = {"status": "request entity too large", "code": 413, "error": error}
    assert (response.status_code, response.get_json()) == (413, wanted)
    assert dana.get("blob/").get_json()["files"] == []


@pytest.mark.parametrize("special", [{"max_unpacked_entries": 10}])
def test_one_budget_holds_for_all_files_of_an_upload(dana: Visitor) -> None:
    packed = a_tarball({str(number): b"x" for number in range(6)})

    response = dana.send({"a.tgz": packed, "b.tgz": packed})

    assert response.status_code == 413
    assert "10 entries" in response.get_json()["error"]
    assert dana.get("blob/").get_json()["files"] == []


def test_a_collision_of_checksums_aliases_nothing(dana: Visitor) -> None:
    first, second = COLLIDING
    assert md5(first) == md5(second)

    paths = [dana.keep(str(number), data)["path"]["blob"] for number, data in enumerate(COLLIDING)]

    assert paths[0] != paths[1]
    assert [dana.get(path).data for path in paths] == COLLIDING
    assert dana.get(f"blob/{md5(first)}").data == first


def test_status_is_a_text_and_errors_tell_no_internals(dana: Visitor) -> None:
    refused = dana.send({"../..": b"x"}).get_json()

    assert isinstance(refused["status"], str)
    assert set(refused) == {"status", "code", "error"}
    assert "/work" not in refused["error"]


@pytest.mark.parametrize(
    ("member", "why"),
    [
        (a_member("l", tarfile.SYMTYPE, linkname="nowhere"), "symbolic link"),
        (a_member("l", tarfile.SYMTYPE, linkname="l"), "symbolic link"),
        (a_member("l", tarfile.LNKTYPE, linkname="nowhere"), "hard link"),
        (a_member("p", tarfile.FIFOTYPE), "FIFO"),
        (a_member("n", tarfile.CHRTYPE, devmajor=1, devminor=3), "character device"),
    ],
)
def test_members_that_are_no_files_are_left_out_and_told(
    dana: Visitor, member: tarfile.TarInfo, why: str
) -> None:
    answer = dana.keep("a.tar", a_tar_of(a_member("good"), member))

    listed = dana.get(answer["path"]["archive"]).get_json()["entries"]
    assert [one["name"] for one in listed] == ["good"]
    assert any(f"Left out '{member.name}': {why}" in line for line in answer["log"])


def test_names_of_what_is_left_out_are_escaped_in_the_log(dana: Visitor) -> None:
    answer = dana.keep("a.tar", a_tar_of(a_member("good"), a_member("p\x1b\n", tarfile.FIFOTYPE)))

    assert any(r"Left out 'p\x1b\n': FIFO" in line for line in answer["log"])


def test_odd_encodings_of_names_are_no_failure(dana: Visitor) -> None:
    packed = a_tar_of(a_member("r\udce9sum\udce9.txt"), a_member("ok"))

    answer = dana.keep("a.tar", packed)

    assert answer["status"] == "Success"
    names = [one["name"] for one in dana.get(answer["path"]["archive"]).get_json()["entries"]]
    assert "ok" in names


def test_the_case_of_a_name_is_kept(dana: Visitor) -> None:
    dana.keep("ReadMe.TXT", b"1")

    assert dana.get(f"checksum/{md5(b'1')}").get_json()["names"] == ["ReadMe.TXT"]


def test_settings_hold_however_the_service_is_started(settings: Settings) -> None:
    chosen = BucketSettings(replicate_0="u/${User}", max_content_length="1kb")

    app = factory.create_app(settings.model_copy(update={"bucket": chosen}))

    assert isinstance(app, Flask)
    door = app.extensions["filemanager"].doors[BucketDoor]
    assert (door.max_bytes, len(door.service.terms.patterns)) == (1024, 1)


def test_two_doors_on_one_address_stop_the_start(settings: Settings) -> None:
    same = settings.model_copy(update={"bucket": BucketSettings(bucket_prefix="/rawstore")})

    with pytest.raises(AddressClaimedTwice, match="GET /rawstore"):
        factory.create_app(same)
