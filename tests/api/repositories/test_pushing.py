"""PUT, POST and DELETE, as the clients of RWS send them."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from builders.debian import FILES, a_deb, a_dsc
from builders.papers import a_token
from builders.rpms import an_rpm, tags_of
from people.following import led_to
from people.pushers import Pusher, a_push, basic, door_settings

DEB, RPM = "tiny_1.0-1_amd64.deb", "tiny-1.0-1.x86_64.rpm"
DSC = "tiny_1.0-1.dsc"
FOCAL, EL9 = "live/2.8/ubuntu/focal", "live/2.8/el/9"
OK = {"message": "OK"}
REFUSED = "Can't upload the package to S3: "
NO_PRODUCT = (
    REFUSED + 'The "product" form is absent in request. The "product" form is used to place'
    "  package files in deb repositories. Example:"
    " .../release/series-2/ubuntu/pool/focal/main/p/product_name/..."
)
NOT_TAKEN = ("i386", "i686", "ppc64le", "nosrc")
ENDINGS = "Invalid filename. Allowed file extensions: .deb, .dsc, .gz, .rpm, .xz."


@pytest.fixture
def names(reader: Pusher, publish: Callable[[], None]) -> Callable[[str], str]:
    """Publish, and give an index of a repository."""

    def index(path: str) -> str:
        publish()
        return reader.get(path).text

    return index


PACKAGES = "live/2.8/ubuntu/dists/focal/main/binary-amd64/Packages"
PRIMARY = "live/2.8/el/9/x86_64/repodata/primary.xml"


def test_an_rpm_is_taken_and_published(rws: Pusher, names: Callable[[str], str]) -> None:
    response = rws.push(EL9, {RPM: an_rpm()})

    assert (response.status_code, response.get_json()) == (201, OK)
    assert "<name>tiny</name>" in names(PRIMARY)


@pytest.mark.parametrize("special", [door_settings(repositories_prefix="/pkg/apt")])
def test_the_door_is_where_the_setting_says(
    client: FlaskClient, publish: Callable[[], None]
) -> None:
    there = Pusher(client, basic(), prefix="/pkg/apt")

    response = there.push(EL9, {RPM: an_rpm()})
    publish()

    assert response.status_code == 201
    assert there.get(f"{EL9}/x86_64/Packages/{RPM}").data == an_rpm()
    assert f"/pkg/apt/@1/{EL9}/x86_64\n" in there.get(f"mirrorlist/{EL9}/x86_64").text
    assert set(there.get("nothing").get_json()) == {"message"}
    assert client.get("/repositories/").mimetype == "application/problem+json"


def test_packages_and_sources_of_one_build_are_taken_together(
    rws: Pusher, reader: Pusher, names: Callable[[str], str]
) -> None:
    build = {DEB: a_deb(), DSC: a_dsc(), **FILES, "tiny-dbgsym_1.0-1_amd64.ddeb": b"symbols"}

    response = rws.push(FOCAL, build, "tools")

    assert (response.status_code, response.get_json()) == (201, OK)
    assert "Filename: pool/focal/main/t/tools/tiny_1.0-1_amd64.deb" in names(PACKAGES)
    pool = "live/2.8/ubuntu/pool/focal/main/t/tools"
    assert reader.get(f"{pool}/{DEB}").data == a_deb()
    assert {name: reader.get(f"{pool}/{name}").data for name in FILES} == FILES
    assert reader.get(f"{pool}/tiny-dbgsym_1.0-1_amd64.ddeb").status_code == 404


def test_the_last_of_files_with_one_name_is_taken(
    client: FlaskClient, reader: Pusher, publish: Callable[[], None]
) -> None:
    first, kind = a_push({DEB: b"first"}, "tools")
    last, _ = a_push({DEB: a_deb()})
    boundary = kind.partition('"')[2].rstrip('"').encode()
    other = _.partition('"')[2].rstrip('"').encode()
    body = first.removesuffix(b"--" + boundary + b"--\r\n") + last.replace(other, boundary)

    response = client.put(
        f"/repositories/{FOCAL}",
        data=body,
        content_type=kind,
        headers={"Authorization": basic()},
    )
    publish()

    assert (response.status_code, response.get_json()) == (201, OK)
    assert reader.get(f"live/2.8/ubuntu/pool/focal/main/t/tools/{DEB}").data == a_deb()


@pytest.mark.parametrize(
    ("path", "files", "product", "message"),
    [
        (EL9, {"notes.txt": b""}, None, f"{ENDINGS} It is 'notes.txt'."),
        (EL9, {RPM: an_rpm(), "build.log": b""}, None, f"{ENDINGS} It is 'build.log'."),
        (FOCAL, {"tiny.DEB": b""}, "tools", f"{ENDINGS} It is 'tiny.DEB'."),
        ("live/2.8/el", {RPM: an_rpm()}, None, "Invalid URL."),
        ("live/2.8/el/9/x86_64", {RPM: an_rpm()}, None, "Invalid URL."),
        ("dead/2.8/el/9", {RPM: an_rpm()}, None, 'Repo kind "dead" is not supported.'),
        ("live/3.0/el/9", {RPM: an_rpm()}, None, 'Tarantool series "3.0"" is not supported.'),
        ("live/2.8/suse/9", {RPM: an_rpm()}, None, 'Distribution "suse" is not supported.'),
        ("live/2.8/el/10", {RPM: an_rpm()}, None, 'Distribution version "10" is not supported.'),
        (FOCAL, {DEB: a_deb()}, None, NO_PRODUCT),
        (FOCAL, {DEB: a_deb()}, "", NO_PRODUCT),
    ],
)
def test_what_rws_refused_is_refused_in_its_words(
    rws: Pusher, path: str, files: Mapping[str, bytes], product: str | None, message: str
) -> None:
    response = rws.push(path, files, product)

    assert (response.status_code, response.get_json()) == (400, {"message": message})


@pytest.mark.parametrize(
    ("path", "name", "base"),
    [
        (FOCAL, RPM, "deb"),
        (FOCAL, "tiny.gz", "deb"),
        (EL9, DEB, "rpm"),
        (EL9, "tiny_1.0.orig.tar.xz", "rpm"),
        *((EL9, f"tiny-1.0-1.{arch}.rpm", "rpm") for arch in NOT_TAKEN),
        (EL9, "tiny.rpm", "rpm"),
    ],
)
def test_a_file_of_another_family_or_architecture_is_named(
    rws: Pusher, path: str, name: str, base: str
) -> None:
    response = rws.push(path, {name: b"x"}, "tools")

    assert response.status_code == 400
    assert response.get_json()["message"] == (
        f'{REFUSED}The "{name}" file does not match the type of files used in the {base}-based'
        " repositories."
    )


def test_an_rpm_is_for_what_its_name_says(rws: Pusher) -> None:
    name = "tiny-1.0-1.x86_64.rpm"

    response = rws.push(EL9, {name: an_rpm(tags_of(arch="i686"))})

    assert response.status_code == 400
    assert f"{name}: rpms for 'i686' are not taken" in response.get_json()["message"]


def test_a_push_without_a_file_is_refused(rws: Pusher) -> None:
    for sent in ({}, {"data": b"x", "content_type": "application/octet-stream"}):
        response = rws.call("PUT", EL9, **sent)
        assert response.status_code == 400
        assert "No file was sent." in response.get_json()["message"]
    assert rws.push(FOCAL, {}, "tools").status_code == 400


def test_debug_symbols_alone_change_nothing(
    rws: Pusher, reader: Pusher, publish: Callable[[], None]
) -> None:
    rws.rebuild(FOCAL)
    publish()
    before = reader.get("live/2.8/ubuntu/dists/focal/Release").data

    response = rws.push(FOCAL, {"tiny_1.0-1_amd64.ddeb": b"symbols"}, "tools")
    publish()

    assert (response.status_code, response.get_json()) == (201, OK)
    assert reader.get("live/2.8/ubuntu/dists/focal/Release").data == before


def test_a_bad_file_is_named_and_nothing_of_the_push_is_kept(
    rws: Pusher, names: Callable[[str], str]
) -> None:
    rws.push(EL9, {"first-1.0-1.x86_64.rpm": an_rpm(tags_of("first"))})
    broken = "broken-1.0-1.x86_64.rpm"

    response = rws.push(EL9, {RPM: an_rpm(), broken: b"no rpm at all"})

    assert response.status_code == 400
    assert response.get_json()["message"].startswith(f"{broken}: ")
    index = names(PRIMARY)
    assert "<name>first</name>" in index
    assert "<name>tiny</name>" not in index


def test_the_same_push_again_changes_nothing(
    rws: Pusher, reader: Pusher, publish: Callable[[], None]
) -> None:
    rws.push(EL9, {RPM: an_rpm()})
    publish()
    newest = reader.get(f"mirrorlist/{EL9}/x86_64").text

    again = rws.push(EL9, {RPM: an_rpm()})
    publish()

    assert (again.status_code, again.get_json()) == (201, OK)
    assert reader.get(f"mirrorlist/{EL9}/x86_64").text == newest


def test_other_bytes_of_a_version_are_a_conflict_that_an_admin_may_settle(
    client: FlaskClient, rws: Pusher, reader: Pusher, publish: Callable[[], None]
) -> None:
    other = a_deb({"Description": "another"})
    admin = Pusher(client, a_token("5", "repository:admin"))
    rws.push(FOCAL, {DEB: a_deb()}, "tools")

    refused = rws.push(FOCAL, {DEB: other}, "tools")
    not_theirs = rws.push(f"{FOCAL}?replace=true", {DEB: other}, "tools")
    replaced = admin.push(f"{FOCAL}?replace=true", {DEB: other}, "tools")
    publish()

    assert refused.status_code == 409
    assert DEB in refused.get_json()["message"]
    assert not_theirs.status_code == 403
    assert (replaced.status_code, replaced.get_json()) == (201, OK)
    assert reader.get(f"live/2.8/ubuntu/pool/focal/main/t/tools/{DEB}").data == other


def repositories_with(names: Callable[[str], str], name: str) -> set[str]:
    places = [
        f"{kind}/{series}/el/{version}"
        for kind in ("live", "release")
        for series in ("2.8", "2.9", "modules")
        for version in ("8", "9")
    ]
    index = "x86_64/repodata/primary.xml"
    return {one for one in places if f"<name>{name}</name>" in names(f"{one}/{index}")}


@pytest.mark.parametrize(
    ("path", "targets"),
    [
        ("tools/el/9", {"live/2.8/el/9", "release/modules/el/9"}),
        ("live/enabled/el/9", {"live/2.8/el/9", "live/2.9/el/9"}),
        (
            "tools/el/both",
            {f"{one}/el/{v}" for one in ("live/2.8", "release/modules") for v in "89"},
        ),
    ],
)
def test_anchors_stand_for_every_repository_of_theirs(
    rws: Pusher, names: Callable[[str], str], path: str, targets: set[str]
) -> None:
    for one in ("live", "release"):
        for series in ("2.8", "2.9", "modules"):
            rws.rebuild(f"{one}/{series}/el/both")

    response = rws.push(path, {RPM: an_rpm()})

    assert (response.status_code, response.get_json()) == (201, OK)
    assert repositories_with(names, "tiny") == targets


def test_an_anchor_that_leads_to_no_repository_fills_none(
    rws: Pusher, names: Callable[[str], str]
) -> None:
    rws.rebuild("tools/el/both")

    response = rws.push("tools/el/10", {RPM: an_rpm()})

    assert response.status_code == 400
    assert "<name>tiny</name>" not in names(PRIMARY)


def test_an_anchor_fills_all_or_none(rws: Pusher, names: Callable[[str], str]) -> None:
    rws.push("release/modules/el/9", {RPM: an_rpm(tags_of() | {1004: tags_of()[1004]})})
    rws.rebuild(EL9)
    other = {**tags_of(), 1006: tags_of("other")[1000]}

    response = rws.push("tools/el/9", {RPM: an_rpm(other)})

    assert response.status_code in (400, 409)
    assert "<name>tiny</name>" not in names(PRIMARY)


def test_a_repository_is_published_once_more_when_that_is_asked(
    rws: Pusher, reader: Pusher, publish: Callable[[], None]
) -> None:
    rws.rebuild(EL9)
    publish()
    before = reader.get(f"mirrorlist/{EL9}/x86_64").text

    response = rws.rebuild(EL9)
    publish()

    assert (response.status_code, response.get_json()) == (200, OK)
    assert reader.get(f"mirrorlist/{EL9}/x86_64").text != before


@pytest.mark.parametrize("path", ["live/2.8/el/10", "live", "dead/2.8/el/9"])
def test_what_is_not_configured_is_not_published(rws: Pusher, path: str) -> None:
    assert rws.rebuild(path).status_code == 400


@pytest.mark.parametrize("path", [EL9, FOCAL, "live/2.8", "live", "nothing/at/all"])
def test_no_repository_and_nothing_above_is_deleted(
    client: FlaskClient, rws: Pusher, path: str
) -> None:
    admin = Pusher(client, a_token("5", "repository:admin"))

    response = admin.call("DELETE", path)

    assert response.status_code == 501
    assert response.get_json() == {"message": "Delete has not yet been implemented."}
    assert rws.call("DELETE", path).status_code == 403


def test_a_package_is_removed_by_the_path_of_its_file(
    client: FlaskClient, rws: Pusher, reader: Pusher, names: Callable[[str], str]
) -> None:
    rws.push(FOCAL, {DEB: a_deb(), DSC: a_dsc(), **FILES}, "tools")
    admin = Pusher(client, a_token("5", f"repository:admin:{FOCAL}"))
    pool = "live/2.8/ubuntu/pool/focal/main/t/tools"

    refused = rws.call("DELETE", f"{pool}/{DEB}")
    removed = admin.call("DELETE", f"{pool}/{DEB}")
    part = admin.call("DELETE", f"{pool}/tiny_1.0.orig.tar.xz")
    missing = [admin.call("DELETE", path) for path in (f"{pool}/{DEB}", pool, f"{pool}/x.deb")]

    assert (refused.status_code, removed.status_code, removed.get_json()) == (403, 200, OK)
    assert part.status_code == 409
    assert "tiny_1.0.orig.tar.xz" in part.get_json()["message"]
    assert [one.status_code for one in missing] == [404, 404, 404]
    assert "Package: tiny" not in names(PACKAGES)
    assert reader.get(f"{pool}/{DSC}").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_the_top_can_only_be_read(rws: Pusher, method: str) -> None:
    response = rws.call(method, "")

    assert response.status_code == 405
    assert set(response.get_json()) == {"message"}
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("special", [door_settings(repositories_max_push_bytes=3000)])
@pytest.mark.parametrize("is_told", [True, False])
def test_a_push_has_a_limit_of_its_own(rws: Pusher, is_told: bool) -> None:
    body, content_type = a_push({RPM: bytes(4000)})
    length = {} if is_told else {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}

    response = rws.call("PUT", EL9, data=body, content_type=content_type, environ_overrides=length)

    assert response.status_code == 413
    assert response.get_json()["message"] == (
        "The push is larger than the limit of 3000 bytes (REPOSITORIES_MAX_PUSH_BYTES)."
        " Nothing was stored."
    )


@pytest.mark.parametrize("special", [{**door_settings(), "max_request_bytes": 100}])
def test_it_is_not_held_to_the_limit_of_other_requests(rws: Pusher) -> None:
    assert rws.push(EL9, {RPM: an_rpm()}).status_code == 201


def test_a_push_is_of_a_thousand_parts_at_most(rws: Pusher) -> None:
    response = rws.push(EL9, {f"{number}.rpm": b"" for number in range(1001)})

    assert response.status_code == 413
    assert "1000 parts" in response.get_json()["message"]


@pytest.mark.parametrize("special", [door_settings(repositories_max_bytes=4096)])
def test_a_repository_holds_so_much(rws: Pusher, names: Callable[[str], str]) -> None:
    rws.push(EL9, {RPM: an_rpm()})

    response = rws.push(EL9, {"more-1.0-1.x86_64.rpm": an_rpm(tags_of("more"))})

    assert response.status_code == 413
    assert "limit is 4096 bytes" in response.get_json()["message"]
    assert "<name>more</name>" not in names(PRIMARY)


def test_who_waits_is_told_when_clients_see_it(rws: Pusher, publish: Callable[[], None]) -> None:
    rws.push(EL9, {RPM: an_rpm()})
    publish()

    response = rws.push(f"{EL9}?wait=true", {RPM: an_rpm()})

    assert (response.status_code, response.get_json()) == (201, OK)


@pytest.mark.parametrize("special", [{**door_settings(), "threads": 1}])
def test_who_cannot_wait_is_told_where_to_look(rws: Pusher) -> None:
    """A quarter of the threads may wait, which is none of one."""
    pushed = rws.push(f"{EL9}?wait=true", {RPM: an_rpm()})
    rebuilt = rws.call("POST", f"{EL9}?wait=true")

    assert [one.status_code for one in (pushed, rebuilt)] == [202, 202]
    assert {led_to(one) for one in (pushed, rebuilt)} == {f"/repositories/api/{EL9}"}


@pytest.mark.parametrize("query", ["wait=perhaps", "replace=2"])
def test_a_question_that_makes_no_sense_is_400(rws: Pusher, query: str) -> None:
    response = rws.push(f"{EL9}?{query}", {RPM: an_rpm()})

    assert response.status_code == 400
    assert query.partition("=")[0] in response.get_json()["message"]


@pytest.mark.parametrize(
    "sent",
    [
        {"data": b"--b\r\nnonsense", "content_type": "multipart/form-data; boundary=b"},
        {"data": b"", "content_type": "multipart/form-data; boundary=b"},
    ],
)
def test_a_broken_form_is_400(rws: Pusher, sent: dict[str, Any]) -> None:
    response = rws.call("PUT", EL9, **sent)

    assert response.status_code == 400
    assert set(response.get_json()) == {"message"}
