"""POST /bucket/upload: what is answered, kept and refused."""

import bz2
import gzip
import lzma
import re
from typing import Any

import pytest

from builders.papers import a_tarball, a_zip
from filemanager.settings.service import Settings
from people.visitors import Visitor, a_form, md5, sharded


def test_it_works(dana: Visitor) -> None:
    answer = dana.keep("results.xml", b"<r/>")

    digest = md5(b"<r/>")
    assert answer["code"] == 200
    assert answer["status"] == "Success"
    assert answer["checksum"] == {"blob": digest, "decompressed": None, "archive": None}
    assert answer["path"] == {
        "blob": sharded("blob", digest),
        "decompressed": None,
        "archive": None,
        "replicas": None,
    }
    assert dana.get(answer["path"]["blob"]).data == b"<r/>"


def test_log_lines_begin_with_a_time_and_tell_no_path_of_the_server(
    dana: Visitor, settings: Settings
) -> None:
    log = dana.keep("a.txt", b"x")["log"]

    assert log
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}   \w+ +(INFO|WARN)", x) for x in log)
    assert not any(str(settings.data_dir) in line for line in log)


def test_every_file_of_a_form_is_kept_with_its_relative_path(dana: Visitor) -> None:
    answer = dana.send({"d/a.txt": b"1", "d/e/b.txt": b"2", "c.txt": b"3"}).get_json()

    assert [one["name"] for one in answer["files"]] == ["d/a.txt", "d/e/b.txt", "c.txt"]
    assert answer["name"] == "d/a.txt"
    assert answer["checksum"] == answer["files"][0]["checksum"]
    assert [dana.get(one["path"]["blob"]).data for one in answer["files"]] == [b"1", b"2", b"3"]


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_a_compressed_tar_gives_all_three_stages(dana: Visitor, mode: str) -> None:
    packed = a_tarball({"top.txt": b"1", "d/sub/y": b"2"}, mode)

    answer = dana.keep("d.tgz", packed)

    inner = answer["checksum"]["decompressed"]
    assert answer["checksum"]["archive"] == inner
    assert answer["path"]["archive"] == sharded("explode", inner)
    assert dana.get(f"{answer['path']['archive']}/d/sub/y").data == b"2"
    assert md5(dana.get(answer["path"]["decompressed"]).data) == inner


def test_a_zip_is_kept_and_exploded(dana: Visitor) -> None:
    packed = a_zip({"d/a": b"1"})

    answer = dana.keep("z.zip", packed)

    assert answer["checksum"] == {"blob": md5(packed), "decompressed": None, "archive": md5(packed)}
    assert dana.get(answer["path"]["blob"]).data == packed
    assert dana.get(f"{answer['path']['archive']}/d/a").data == b"1"


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_single_compressed_file_gives_the_decompressed_stage(
    dana: Visitor, compress: Any
) -> None:
    answer = dana.keep("a.txt.gz", compress(b"text"))

    assert answer["checksum"]["decompressed"] == md5(b"text")
    assert answer["checksum"]["archive"] is None
    assert dana.get(answer["path"]["decompressed"]).data == b"text"


def test_archives_in_archives_stay_closed(dana: Visitor) -> None:
    inner = a_zip({"x": b"1"})

    answer = dana.keep("z.zip", a_zip({"inner.zip": inner}))

    assert dana.get(f"{answer['path']['archive']}/inner.zip").data == inner


def test_a_refused_archive_is_kept_and_the_log_says_why(dana: Visitor) -> None:
    broken = a_tarball({"a": b"x" * 5000})[:-30]

    answer = dana.keep("a.tgz", broken)

    assert answer["status"] == "Success"
    assert answer["path"]["archive"] is None
    assert any("Kept as it is: its compressed data ends too early" in x for x in answer["log"])
    assert dana.get(answer["path"]["blob"]).data == broken


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"", "application/json"), a_form({"a": b"1"}, field="other")],
    ids=["no form", "another field"],
)
def test_a_form_without_a_file_is_400(dana: Visitor, body: bytes, content_type: str) -> None:
    response = dana.call("POST", "upload", data=body, content_type=content_type)

    error = "File not provided via multi-part form"
    wanted = {"status": "bad request", "code": 400, "error": error}
    assert (response.status_code, response.get_json()) == (400, wanted)


def test_a_part_with_an_empty_name_is_400(dana: Visitor) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--b--\r\n'

    response = dana.call(
        "POST", "upload", data=body, content_type="multipart/form-data; boundary=b"
    )

    wanted = {"status": "bad request", "code": 400, "error": "No file selected"}
    assert (response.status_code, response.get_json()) == (400, wanted)


def test_a_name_of_which_nothing_is_left_is_400_and_nothing_is_kept(dana: Visitor) -> None:
    response = dana.send({"ok.txt": b"1", "../../..": b"x"})

    assert response.status_code == 400
    assert response.get_json()["error"] == "The file name '../../..' cannot be used. Send another."
    assert dana.get("blob/").get_json() == {"files": [], "next": None}


@pytest.mark.parametrize("special", [{"bucket": {"max_content_length": "1kb"}}])
def test_a_body_over_the_limit_is_413_as_json(dana: Visitor) -> None:
    response = dana.send({"a": b"x" * 2000})

    error = "The request is larger than the limit of 1024 bytes."
    wanted = {"status": "request entity too large", "code": 413, "error": error}
    assert (response.status_code, response.get_json()) == (413, wanted)


def test_put_is_405_as_json(dana: Visitor) -> None:
    response = dana.call("PUT", "upload", data=b"x")

    assert response.status_code == 405
    assert response.get_json()["status"] == "method not allowed"
    assert "POST" in response.headers["Allow"]


def test_inspect_keeps_nothing(dana: Visitor) -> None:
    response = dana.send({"a.txt": b"1"}, path="upload/inspect")

    assert response.get_json() == {
        "file": "a.txt", "status": "file not retained", "files": ["a.txt"],
    }  # fmt: skip
    assert dana.head(f"checksum/{md5(b'1')}").status_code == 404


def test_inspect_without_a_file_is_400(dana: Visitor) -> None:
    response = dana.call("POST", "upload/inspect")

    assert response.status_code == 400
    assert response.get_json()["error"] == "File not provided via multi-part form"
