"""Replicas: labels that request headers ask for."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from builders.papers import a_tarball
from people.visitors import Visitor, a_visitor

DEMO = {"Username": "bob", "Topic": "demo"}


def patterns(**chosen: Any) -> pytest.MarkDecorator:
    of_users = {"replicate_0": "user/${Username}/${Topic}", "bucket_anonymous": "write"}
    return pytest.mark.parametrize("special", [{"bucket": {**of_users, **chosen}}])


def names(visitor: Visitor, path: str) -> list[str]:
    return [one["name"] for one in visitor.get(f"replica/{path}").get_json()["entries"]]


@patterns()
def test_a_page_of_replicas_lists_all_of_them_once(dana: Visitor) -> None:
    dana.send({f"{number}.txt": b"1" for number in range(700)}, Username="bob", Topic="demo")
    page = {"Accept": "text/html"}

    top, below = (
        dana.get(path, headers=page).text.partition("<main")[2]
        for path in ("replica/", "replica/user/bob/demo/")
    )

    assert re.findall('<a href="([^"]*)"', top) == ["user/"]
    assert len(set(re.findall('<a href="([^"]*)"', below))) == 1400


@patterns()
def test_headers_make_a_replica_and_its_latest(dana: Visitor) -> None:
    replicas = dana.keep("a.txt", b"1", **DEMO)["path"]["replicas"]

    assert re.fullmatch(r"replica/user/bob/demo/a\.\d{8}\.\d{4}\.0\.txt", replicas[0])
    assert dana.get(replicas[0]).data == b"1"
    assert dana.get("replica/user/bob/demo/a.latest.txt").data == b"1"


@patterns()
def test_latest_follows_and_numbers_grow(dana: Visitor) -> None:
    first = dana.keep("a.txt", b"1", **DEMO)["path"]["replicas"][0]
    second = dana.keep("a.txt", b"2", **DEMO)["path"]["replicas"][0]

    assert first != second
    assert [dana.get(path).data for path in (first, second)] == [b"1", b"2"]
    assert dana.get("replica/user/bob/demo/a.latest.txt").data == b"2"


@patterns()
def test_a_hundred_and_first_replica_is_no_failure(dana: Visitor) -> None:
    made = [dana.keep("a.txt", b"1", **DEMO)["path"]["replicas"][0] for _ in range(102)]

    assert len(set(made)) == 102


@patterns()
def test_an_archive_is_labelled_as_a_directory(dana: Visitor) -> None:
    packed = a_tarball({"x": b"1", "sub/y": b"2"})

    replica = dana.keep("d.tgz", packed, **DEMO)["path"]["replicas"][0]

    assert re.fullmatch(r"replica/user/bob/demo/d\.\d{8}\.\d{4}\.0", replica)
    assert dana.get(f"{replica}/sub/y").data == b"2"
    assert dana.get("replica/user/bob/demo/d.tgz.latest/x").data == b"1"
    assert dana.get(f"{replica}/nothing").status_code == 404


@patterns()
def test_directories_of_a_path_are_kept_in_its_replica(dana: Visitor) -> None:
    replica = dana.keep("build/out.txt", b"1", **DEMO)["path"]["replicas"][0]

    assert replica.startswith("replica/user/bob/demo/build/out.")
    assert names(dana, "user/bob/demo/") == ["build"]


@patterns()
@pytest.mark.parametrize(
    ("sent", "segment"),
    [("../../x", "x"), ("a/b", "a_b"), ("ré sumé", "re_sume"), ("..\\..\\y", "y"), ("<i>", "i")],
)
def test_header_values_are_cleaned(dana: Visitor, sent: str, segment: str) -> None:
    latin = sent.encode().decode("latin-1")

    dana.keep("a.txt", b"1", Username=latin, Topic="demo")

    assert len(names(dana, "user/")) == 1
    if sent.isascii():
        assert names(dana, "user/") == [segment]


@patterns()
def test_some_headers_make_no_replica_and_the_log_says_so(dana: Visitor) -> None:
    answer = dana.keep("a.txt", b"1", Username="bob")

    assert answer["path"]["replicas"] is None
    assert any("Replica criteria is not fully satisfied: topic" in one for one in answer["log"])


@patterns()
def test_no_headers_make_no_replica_and_no_line(dana: Visitor) -> None:
    answer = dana.keep("a.txt", b"1")

    assert answer["path"]["replicas"] is None
    assert not any("Replica" in one for one in answer["log"])


@patterns(replicate_3="builds/${X-Build}")
def test_several_patterns_make_several_replicas(dana: Visitor) -> None:
    answer = dana.keep("a.txt", b"1", **DEMO, X_Build="7")

    tops = [path.split("/")[1] for path in answer["path"]["replicas"]]
    assert tops == ["user", "builds"]
    assert names(dana, "") == ["builds", "user"]


@patterns(replicate_uppercase=True)
def test_fixed_segments_may_be_in_capitals_as_in_the_original(dana: Visitor) -> None:
    answer = dana.keep("a.txt", b"1", **DEMO)

    assert answer["path"]["replicas"][0].startswith("replica/USER/bob/demo/a.")
    assert dana.get("config").get_json()["REPLICATES"] == [["USER", "${USERNAME}", "${TOPIC}"]]


@patterns()
def test_nobody_moves_a_latest_that_a_token_wrote(dana: Visitor, passer_by: Visitor) -> None:
    dana.keep("a.txt", b"good", **DEMO)

    answer = passer_by.keep("a.txt", b"evil", **DEMO)

    assert dana.get(answer["path"]["replicas"][0]).data == b"evil"
    assert dana.get("replica/user/bob/demo/a.latest.txt").data == b"good"
    assert any("somebody with a token made it" in line for line in answer["log"])


@patterns()
def test_a_token_moves_a_latest_that_nobody_wrote(dana: Visitor, passer_by: Visitor) -> None:
    passer_by.keep("a.txt", b"evil", **DEMO)
    passer_by.keep("a.txt", b"evil2", **DEMO)

    dana.keep("a.txt", b"good", **DEMO)

    assert dana.get("replica/user/bob/demo/a.latest.txt").data == b"good"


@patterns(replicate_0="u/${Username}")
def test_a_label_never_lies_in_another(client: FlaskClient, dana: Visitor) -> None:
    eve = a_visitor(client, "5", "bucket:read", "bucket:write")
    directory = dana.keep("d.tgz", a_tarball({"x": b"1"}), Username="bob")["path"]["replicas"][0]

    answer = eve.keep(f"{directory.split('/')[-1]}/x", b"2", Username="bob")

    assert answer["path"]["replicas"] is None
    assert any("No replica in 'u/bob'" in line for line in answer["log"])
    assert dana.get(f"{directory}/x").data == b"1"


@patterns()
def test_a_name_that_is_too_long_makes_no_replica(dana: Visitor) -> None:
    long: Mapping[str, str] = {"Username": "u" * 500, "Topic": "t" * 300}

    answer = dana.keep("a.txt", b"1", **long)

    assert (answer["status"], answer["path"]["replicas"]) == ("Success", None)


@patterns()
def test_deleting_takes_the_replicas_along(dana: Visitor) -> None:
    answer = dana.keep("a.txt", b"1", **DEMO)

    dana.delete(answer["path"]["blob"])

    assert dana.get(answer["path"]["replicas"][0]).status_code == 404
    assert dana.get("replica/").get_json()["entries"] == []
