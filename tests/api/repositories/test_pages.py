"""Directories as pages: in the rows that the crawler of RWS reads, and for people."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from flask import Flask

from builders.debian import FILES, a_deb, a_dsc
from builders.keys import a_key
from filemanager.api.repositories.pages import directory_page
from filemanager.services.repositories.finding import Row
from filemanager.services.repositories.reading import PublishedDirectory
from people.pushers import Pusher, door_settings
from web.german import ensure_framed

FIREFOX = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@dataclass(frozen=True)
class Line:
    icon: str
    href: str
    name: str
    modified: str
    size: str


def lines(page: str) -> list[Line]:
    """The rows of cells, by the patterns that the tool of RWS has; the first leads back."""
    rows = [re.findall("<td>(.*?)</td>", row) for row in re.findall("<tr>(.*?)</tr>", page)]
    return [_line(*cells) for cells in rows if cells]


def _line(icon: str, link: str, modified: str, size: str) -> Line:
    href, name = re.findall('<a href="(.*?)">(.*?)</a>', link)[0]
    picture = re.findall('src="(.*?)"', icon)[0].rpartition("/")[2]
    return Line(picture, href, name, modified, size)


def crawled(reader: Pusher, path: str) -> dict[str, str]:
    """Every file below, found as a crawler does, with its size."""
    response = reader.get(path)
    assert response.headers["Content-Type"].startswith("text/html")
    found: dict[str, str] = {}
    for line in lines(response.text)[1:]:
        place = unquote(urlsplit(urljoin(str(response.request.path), line.href)).path)
        below = place.removeprefix(f"{reader.prefix}/")
        if line.icon == "directory.png":
            found |= crawled(reader, below)
        else:
            found[below] = line.size
    return found


@pytest.fixture
def filled(rws: Pusher, publish: Callable[[], None]) -> None:
    files = {"tiny_1.0-1_amd64.deb": a_deb(), "tiny_1.0-1.dsc": a_dsc(), **FILES}
    for version in ("focal", "jammy"):
        rws.push(f"live/2.8/ubuntu/{version}", files, "tools")
    publish()


@pytest.mark.usefixtures("filled")
def test_a_crawler_finds_every_file(reader: Pusher) -> None:
    found = crawled(reader, "live/2.8/ubuntu")

    for version in ("focal", "jammy"):
        pool = f"live/2.8/ubuntu/pool/{version}/main/t/tools"
        dists = f"live/2.8/ubuntu/dists/{version}"
        wanted = {f"{pool}/{name}" for name in ("tiny_1.0-1_amd64.deb", "tiny_1.0-1.dsc", *FILES)}
        wanted |= {f"{dists}/Release", f"{dists}/main/binary-amd64/Packages.gz"}
        assert wanted <= found.keys()
    assert {reader.get(path).status_code for path in found} == {200}


@pytest.mark.usefixtures("filled")
def test_a_row_says_what_lies_there(reader: Pusher) -> None:
    page = reader.get("live/2.8/ubuntu/pool/focal/main/t/tools").text

    back, *files = lines(page)
    deb = next(one for one in files if one.name.strip().endswith(".deb"))
    assert "<title>Index of /live/2.8/ubuntu/pool/focal/main/t/tools/</title>" in page
    assert (back.icon, back.name) == ("back.png", "Parent Directory")
    assert (deb.icon, deb.name) == ("file.png", " tiny_1.0-1_amd64.deb ")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", deb.modified)
    assert deb.size == f"{len(a_deb()) / 1024:.1f} KiB"


def test_directories_have_neither_size_nor_time(reader: Pusher) -> None:
    _, *kinds = lines(reader.get("").text)

    assert [(one.name, one.modified, one.size) for one in kinds] == [
        (" live ", "", ""),
        (" release ", "", ""),
    ]


@pytest.mark.parametrize("path", ["", "index", "live", "live/", "live/2.8/ubuntu/"])
def test_every_row_leads_where_it_says(reader: Pusher, path: str) -> None:
    response = reader.get(path)

    for line in lines(response.text):
        place = urljoin(str(response.request.path), line.href)
        answer = reader.client.get(place)
        assert answer.status_code == 200, place
        above = "/".join(path.removesuffix("/").replace("index", "").split("/")[:-1])
        shown = above if line.icon == "back.png" else f"{path.strip('/')}/{line.name.strip()}"
        title = f"Index of /{shown.removeprefix('index').strip('/')}/".replace("//", "/")
        assert f"<title>{title}</title>" in answer.text


@pytest.mark.parametrize("special", [door_settings(repositories_prefix="")])
def test_at_the_root_rows_are_told_whole_as_rws_told_them(reader: Pusher) -> None:
    root = Pusher(reader.client, None, prefix="")

    found = lines(root.get("live/2.8").text)

    assert [one.href for one in found] == ["/live", "/live/2.8/el", "/live/2.8/ubuntu"]
    assert 'src="/static/icons/directory.png"' in root.get("live").text


def test_pages_ask_nobody_else_and_run_nothing(reader: Pusher) -> None:
    for path in ("", "live", "nothing"):
        response = reader.get(path, headers=FIREFOX)
        assert response.mimetype == "text/html"
        assert "//" not in response.text.replace("<!doctype html>", "")
        assert "<script" not in response.text
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
        for address in re.findall('(?:src|href)="([^"#]+)"', response.text):
            with reader.client.get(urljoin(str(response.request.path), address)) as used:
                assert used.status_code == 200, address


def test_what_is_missing_is_a_page_for_browsers(reader: Pusher) -> None:
    response = reader.get("nothing", headers=FIREFOX)

    assert response.status_code == 404
    assert "Error 404! Requested resource doesn't exist." in response.text


HOSTILE = [
    "<script>alert(1)</script>.deb", '"><img src=x onerror=alert(1)>.deb', "a&b", "a'b", "a b",
    "a?b#c", "a%2fb", "javascript:alert(1)", "é\u202e.deb", "a:b", "--", "{{ 7 * 7 }}",
]  # fmt: skip


def test_names_are_shown_as_they_are_and_run_nowhere(app: Flask) -> None:
    at = datetime(2026, 11, 27, 12, 30, 15, tzinfo=UTC)
    directory = PublishedDirectory("live/2.8", tuple(Row(name, 1, at) for name in HOSTILE))

    with app.test_request_context("/repositories/live/2.8/"):
        page = directory_page(directory).get_data(as_text=True)

    for raw in ("<script", "<img src=x", "onerror=alert(1)>.deb<"):
        assert raw not in page.replace("&lt;", "&lt")
    _, *found = lines(page)
    assert [unquote(one.href.removeprefix("./")) for one in found] == HOSTILE
    assert not any(one.href.startswith("javascript:") for one in found)
    assert all(not urlsplit(one.href).query for one in found)


@pytest.mark.parametrize(
    ("size_bytes", "shown"),
    [
        (0, "0.0 B"),
        (1023, "1023.0 B"),
        (1024, "1.0 KiB"),
        (1536 << 10, "1.5 MiB"),
        (5 << 30, "5.0 GiB"),
        (5 << 40, "5120.0 GiB"),
    ],
)
def test_sizes_have_units(app: Flask, size_bytes: int, shown: str) -> None:
    at = datetime(2026, 11, 27, 12, 30, 15, tzinfo=UTC)
    directory = PublishedDirectory("live", (Row("a.deb", size_bytes, at),))

    with app.test_request_context("/repositories/live"):
        page = directory_page(directory).get_data(as_text=True)

    assert (lines(page)[1].size, lines(page)[1].modified) == (shown, "2026-11-27 12:30:15")


SIGNED = door_settings(repositories_unsigned=False, gpg_sign_key_armored=str(a_key("ann")))
FOCAL = "live/2.8/ubuntu/dists/focal"


@pytest.mark.parametrize("special", [SIGNED])
@pytest.mark.usefixtures("filled")
def test_beside_a_repository_are_its_snapshots_keys_and_set_up(rws: Pusher, reader: Pusher) -> None:
    for name in ("old", "new"):
        made = rws.call("POST", "api/live/2.8/ubuntu/focal/snapshots", json={"name": name})
        assert made.status_code == 201, made.text

    page = reader.get(FOCAL)
    beside = page.text.partition("</table>")[2].partition("<footer")[0]

    fingerprint = a_key("ann").extract_certificate().fingerprint.upper()
    assert fingerprint in beside
    links = [urljoin(str(page.request.path), one) for one in re.findall('href="(.*?)"', beside)]
    assert links == [
        "/repositories/live/2.8/ubuntu/focal/KEY.asc",
        "/repositories/api/live/2.8/ubuntu/focal/client.sources",
        f"/repositories/@new/{FOCAL}",
        f"/repositories/@old/{FOCAL}",
    ]
    for link in links:
        assert reader.client.get(link).status_code == 200, link
    assert 'id="snapshots"' not in reader.get(f"{FOCAL}/main").text
    assert fingerprint in reader.get("").text


@pytest.mark.usefixtures("filled")
def test_in_german_the_rows_are_the_same(reader: Pusher) -> None:
    place = "live/2.8/ubuntu/pool/focal/main/t/tools"
    german = {**FIREFOX, "Accept-Language": "de"}

    pages = [
        reader.get(path, headers=german)
        for path in (place, "live/2.8/ubuntu/pool/focal", "", "nothing")
    ]
    plain = lines(reader.get(place).text)

    for page in pages:
        ensure_framed(page, "de")
    found = lines(pages[0].text)
    assert [(one.icon, one.href) for one in found] == [(one.icon, one.href) for one in plain]
    assert [one.name for one in found[1:]] == [one.name for one in plain[1:]]
    assert [one.size for one in found] == [one.size.replace(".", ",") for one in plain]
