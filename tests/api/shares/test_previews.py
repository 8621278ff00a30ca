"""What a page of a share shows of an item itself, from where, and who is counted for it."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from api.shares.conftest import Sharer
from builders.shown_files import GIF, HTML, JPEG, PDF, PNG, SVG, WEBP
from filemanager.domain.ids import Digest
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.services.packages.pointing import UrlWish, WorkspaceFileWish
from people.guests import ShareGuest
from worlds.packages import CURATOR

ORIGIN = "https://content.example"
APART = {"jwt_issuer": "test", "pages": {"content_origin": ORIGIN}}
FILES = {
    "rings.png": PNG, "a.jpg": JPEG, "b.jpeg": GIF, "c.webp": WEBP, "page.png": HTML,
    "drawing.png": SVG, "drawing.svg": SVG, "page.html": HTML, "doc.pdf": PDF, "html.pdf": HTML,
    "main.tex": b"\\documentclass{article}\n", "long.txt": b"long\n" * 60_000, "bytes": b"\0\1",
}  # fmt: skip
PICTURES = ("rings.png", "a.jpg", "b.jpeg", "c.webp")
LIES = ("page.png", "drawing.png", "html.pdf")

apart = pytest.mark.parametrize("special", [APART], ids=["content-origin"])
both = pytest.mark.parametrize("special", [APART, {"jwt_issuer": "test"}], ids=["apart", "alone"])


@pytest.fixture
def special() -> dict[str, Any]:
    return {"jwt_issuer": "test"}


@pytest.fixture
def package(sharer: Sharer) -> DataPackageId:
    """Files of a workspace, frozen as version 2."""
    study = sharer.study
    workspace = study.world.create()
    for path, data in FILES.items():
        study.world.send(workspace, path, data, unpack=False)
        wish = WorkspaceFileWish(workspace_id=workspace, path=path)
        study.point(sharer.package_id, path, wish)
    study.work()
    study.frozen(sharer.package_id)
    return sharer.package_id


@pytest.fixture
def browser(sharer: Sharer, package: DataPackageId) -> ShareGuest:
    assert package
    return sharer.share(version=2).browsing()


def at_content(guest: ShareGuest, address: str) -> TestResponse:
    """Whoever has the address, without anything else."""
    return guest.client.get(address.removeprefix(ORIGIN), base_url=ORIGIN)


def picture_of(page: TestResponse) -> str:
    found = re.search(r'<img src="([^"]+)"', page.text)
    assert found is not None
    return found[1]


@apart
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_shown_from_the_content_origin(browser: ShareGuest, name: str) -> None:
    page = browser.get(f"v/{name}")

    address = picture_of(page)

    assert address.startswith(f"{ORIGIN}/c/s/")
    assert f"img-src 'self' {ORIGIN};" in page.headers["Content-Security-Policy"]
    shown = at_content(browser, address)
    assert (shown.status_code, shown.data) == (200, FILES[name])
    assert shown.headers["Content-Disposition"] == f"inline; filename={name}"
    assert shown.headers["Content-Security-Policy"].endswith("; sandbox")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Cache-Control"] == "private, no-cache"
    assert browser.client.get(address.removeprefix(ORIGIN)).status_code == 404


@pytest.mark.parametrize("name", PICTURES)
def test_without_a_content_origin_it_is_an_attachment(browser: ShareGuest, name: str) -> None:
    page = browser.get(f"v/{name}")

    assert picture_of(page) == f"../f/{name}"
    assert "img-src 'self';" in page.headers["Content-Security-Policy"]
    shown = browser.get(f"f/{name}")
    assert (shown.status_code, shown.data) == (200, FILES[name])
    assert shown.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert str(shown.mimetype).startswith("image/")


@both
@pytest.mark.parametrize("name", LIES[:2])
def test_what_only_its_name_calls_a_picture_is_none(browser: ShareGuest, name: str) -> None:
    page = browser.get(f"v/{name}")

    assert page.status_code == 200
    assert "<img" not in page.text
    assert "alert" not in page.text
    assert "what it holds is not what its name says" in page.text


@both
@pytest.mark.parametrize("name", ["drawing.svg", "large.png"])
def test_what_is_never_shown_or_too_large_has_no_page(sharer: Sharer, name: str) -> None:
    study = sharer.study
    study.bucket.signs = False
    study.object("drawing.svg", SVG)
    study.object("large.png", PNG + b"\0" * (16 << 20))
    study.point(sharer.package_id, name)
    study.work()
    study.frozen(sharer.package_id)
    browser = sharer.share(version=2).browsing()

    top = browser.get().text

    assert f'href="f/{name}"' in top
    assert f'href="v/{name}"' not in top
    assert [browser.get(f"{way}/{name}").status_code for way in "vo"] == [404, 404]


@both
def test_what_its_name_says_nothing_of_is_looked_at(browser: ShareGuest) -> None:
    assert "what it holds is not what its name says" in browser.get("v/bytes").text


@both
def test_a_text_of_a_workspace_is_shown_escaped(browser: ShareGuest) -> None:
    tex, html = browser.get("v/main.tex").text, browser.get("v/page.html").text

    assert "\\documentclass{article}" in tex
    assert "&lt;script&gt;alert" in html
    assert "<script" not in html


@apart
@pytest.mark.parametrize(
    ("name", "media"),
    [("doc.pdf", "application/pdf"), ("long.txt", "text/plain")],
)
def test_what_a_page_does_not_show_opens_in_a_tab_of_its_own(
    browser: ShareGuest, name: str, media: str
) -> None:
    page = browser.get(f"v/{name}").text
    led = browser.get(f"o/{name}")

    assert f'<a href="../o/{name}" target="_blank" rel="noopener">' in page
    assert (led.status_code, led.headers["Cache-Control"]) == (303, "no-store")
    shown = at_content(browser, led.headers["Location"])
    assert (shown.status_code, shown.mimetype) == (200, media)
    assert shown.headers["Content-Disposition"].startswith("inline; ")


@apart
def test_what_its_name_calls_a_pdf_is_a_download_even_there(browser: ShareGuest) -> None:
    page = browser.get("v/html.pdf").text
    shown = at_content(browser, browser.get("o/html.pdf").headers["Location"])

    assert "target=" not in page
    assert shown.headers["Content-Disposition"] == "attachment; filename=html.pdf"
    assert shown.headers["Content-Security-Policy"].endswith("; sandbox")


def test_without_a_content_origin_there_is_no_tab(browser: ShareGuest) -> None:
    top = browser.get().text

    for name in ("doc.pdf", "long.txt"):
        assert f'href="v/{name}"' not in top
        assert browser.get(f"v/{name}").status_code == 404
        assert browser.get(f"o/{name}").status_code == 404
    assert browser.get("o/rings.png").headers["Location"] == "../f/rings.png"


@both
def test_what_lies_elsewhere_is_shown_only_where_it_comes_through_us(sharer: Sharer) -> None:
    study = sharer.study
    study.object("there.png", PNG)
    study.point(sharer.package_id, "there.png")
    study.work()
    study.frozen(sharer.package_id)
    browser = sharer.share(version=2).browsing()

    away, asked = browser.get("v/there.png"), browser.get().text
    study.bucket.signs = False
    ours, led = browser.get("v/there.png"), browser.get().text

    assert away.status_code == 404
    assert "v/there.png" not in asked
    assert "v/there.png" in led
    assert picture_of(ours)


@both
def test_a_picture_at_a_url_is_not_shown(sharer: Sharer) -> None:
    study = sharer.study
    wish = UrlWish(url="https://files.test/a.png", size_bytes=4, sha256=Digest("0" * 64))
    study.point(sharer.package_id, "linked.png", wish)
    study.frozen(sharer.package_id)
    browser = sharer.share(version=2).browsing()

    assert "v/linked.png" not in browser.get().text
    assert browser.get("v/linked.png").status_code == 404
    assert browser.get("f/linked.png").status_code == 302


@both
def test_pictures_of_pages_use_up_no_visit(sharer: Sharer, package: DataPackageId) -> None:
    assert package
    guest = sharer.share(version=2, max_visits=1).browsing()

    for name in PICTURES:
        ahead = guest.get(f"v/{name}")
        assert ahead.status_code == 303
        place = f"/k/{ahead.headers['Location'].split('/k/')[1].split('/')[0]}/"
        page = guest.at(place).get(f"v/{name}")
        address = picture_of(page)
        if address.startswith(ORIGIN):
            assert at_content(guest, address).data == FILES[name]
        else:
            assert guest.at(place).get(address.removeprefix("../")).data == FILES[name]

    assert sharer.call("GET", "/iris").get_json()["visits"] == 1


@apart
def test_what_is_unlocked_is_shown_and_ends_with_its_password(
    sharer: Sharer, package: DataPackageId
) -> None:
    assert package
    guest = sharer.share(version=2, password="iris").browsing()  # a test's
    unlocked = guest.post("unlock", json={"password": "iris"}).get_json()["base"]
    address = picture_of(guest.at(unlocked).get("v/rings.png"))
    before = at_content(guest, address)

    changed = sharer.call("PATCH", "/iris", json={"password": "lily"})

    assert (before.status_code, changed.status_code) == (200, 200)
    assert at_content(guest, address).status_code == 404
    assert guest.get("v/rings.png").status_code == 403


@apart
@pytest.mark.parametrize(
    "name",
    ['a"; filename=evil.html', "a\u202egnp", "r\u00e4nge;x=y", "<script>", "a,b c", "\u0101" * 120],
    ids=["quote", "override", "letters", "markup", "blanks", "long"],
)
def test_no_name_says_anything_in_a_header(sharer: Sharer, name: str) -> None:
    study = sharer.study
    study.text(sharer.package_id, f"{name}.txt", b"text\n" * 60_000)
    study.frozen(sharer.package_id)
    browser = sharer.share(version=2).browsing()
    led = browser.get(f"o/{quote(name)}.txt")

    shown = at_content(browser, led.headers["Location"])

    said = shown.headers["Content-Disposition"]
    assert shown.status_code == 200
    assert re.fullmatch(r"inline; filename=[\w.+=,~-]+(; filename\*=UTF-8''[\w.%~-]*)?", said)
    assert shown.headers.getlist("Content-Type") == ["text/plain; charset=utf-8"]


@apart
def test_a_share_that_is_revoked_shows_nothing_there(sharer: Sharer, browser: ShareGuest) -> None:
    address = picture_of(browser.get("v/rings.png"))

    sharer.call("DELETE", "/iris")

    gone = at_content(browser, address)
    assert (gone.status_code, gone.mimetype) == (404, "text/plain")
    assert b"IHDR" not in gone.data
    assert CURATOR.owner not in gone.text


@apart
def test_nothing_that_shows_an_item_is_logged(
    browser: ShareGuest, capsys: pytest.CaptureFixture[str]
) -> None:
    address = picture_of(browser.get("v/rings.png"))
    capsys.readouterr()

    at_content(browser, address)

    logged = capsys.readouterr().out
    assert "path=/c/s/" in logged
    token = address.removeprefix(f"{ORIGIN}/c/s/")
    assert not [part for part in token.split(".") if len(part) > 6 and part in logged]
