"""Shares as pages."""

import re
from urllib.parse import quote

import pytest

from api.shares.conftest import Sharer
from people.guests import ShareGuest
from web.german import ensure_framed


@pytest.fixture
def browser(sharer: Sharer) -> ShareGuest:
    return sharer.share().browsing()


def test_the_page_tells_what_there_is(browser: ShareGuest) -> None:
    page = browser.get()

    assert page.status_code == 200
    assert page.mimetype == "text/html"
    assert "<h1>Iris study</h1>" in page.text
    assert "Version 1" in page.text
    assert 'href="f/big.bin"' in page.text
    assert 'href="?directory=sub%20dir"' in page.text
    assert "wget -c" in page.text


def test_the_page_can_do_nothing(browser: ShareGuest) -> None:
    page = browser.get()

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)


def test_the_latest_says_so(sharer: Sharer) -> None:
    page = sharer.share(version="latest").browsing().get()

    assert "which may change" in page.text
    assert "git clone" not in page.text


def test_no_name_is_an_option_of_a_command(sharer: Sharer) -> None:
    page = sharer.share(slug="-rf").browsing().get()

    assert "annex.git ./-rf\ncd ./-rf\n" in page.text


def test_signposts_lead_to_what_machines_read(browser: ShareGuest) -> None:
    links = browser.get().headers["Link"]

    for relation in ("linkset", "describedby", "item"):
        assert f'rel="{relation}"' in links
    assert browser.get("linkset.json").get_json()["linkset"][0]["anchor"].endswith("/s/iris/")
    assert len(browser.get("linkset.json").get_json()["linkset"][0]["item"]) == 4


def test_directories_are_walked_by_references_right_below_them(browser: ShareGuest) -> None:
    found: set[str] = set()
    waiting = ["f/"]
    while waiting:
        place = waiting.pop()
        page = browser.get(place)
        assert page.status_code == 200
        for reference in re.findall(r'<li><a href="([^"]+)"', page.text):
            assert "/" not in reference.rstrip("/")
            (waiting.append if reference.endswith("/") else found.add)(place + reference)

    assert found == {
        "f/README.md", "f/big.bin", "f/notes/first%20note.txt", "f/sub%20dir/b%20%C3%BC.tif",
    }  # fmt: skip


def test_a_text_is_previewed_without_what_it_could_do(browser: ShareGuest) -> None:
    page = browser.get("v/README.md")

    assert "<em>leaves</em>" in page.text
    assert "<script>" not in page.text
    assert browser.get("v/notes/first%20note.txt").status_code == 200
    assert browser.get("v/big.bin").status_code == 404


def test_a_share_that_is_not_listed_tells_no_names(sharer: Sharer) -> None:
    guest = sharer.share(listing=False)

    page = guest.browsing().get()

    assert "README" not in page.text
    for path in ("urls.txt", "package.zip", "f/", "linkset.json", "annex.git/info/refs"):
        assert guest.get(f"{path}?service=git-upload-pack").status_code == 403
    assert guest.get(headers={"Accept": "application/json"}).status_code == 403
    assert guest.get("f/README.md").status_code == 200


def test_a_refusal_is_a_page_for_a_browser(sharer: Sharer, browser: ShareGuest) -> None:
    sharer.call("DELETE", "/iris")

    page = browser.get()

    assert (page.status_code, page.mimetype) == (410, "text/html")
    assert "revoked" in page.text


def test_a_large_directory_comes_in_pages(sharer: Sharer) -> None:
    study = sharer.study
    package_id = study.create("many").id
    for number in range(12):
        study.text(package_id, f"{number:04}.txt")
    study.frozen(package_id)
    guest = Sharer(sharer.client, study, package_id).share(slug="many")

    page = guest.browsing().get()

    assert page.text.count(".txt</a>") == 12 + 2


HARM = ("<script>alert(1)</script>.txt", '"><img src=x onerror=alert(1)>.md', "{{ 7 * 7 }}.txt")


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_page_is_in_the_language_that_is_asked_for(sharer: Sharer, language: str) -> None:
    guest = sharer.share(max_visits=9, expires="2099-01-01T00:00:00Z").browsing()
    latest = sharer.share(slug="latest", version="latest", password="sesame").browsing()
    headers = {"Accept-Language": language}
    opened = guest.get("v/README.md", headers=headers)
    own = guest.at(f"/k/{opened.headers['Location'].split('/k/')[-1].split('/')[0]}/")
    wrong = latest.post("unlock", data={"password": "no"}, headers=headers)
    shown = [
        *(guest.get(path, headers=headers) for path in ("", "?directory=sub%20dir", "f/")),
        own.get("v/README.md", headers=headers),
        own.get("v/notes/first%20note.txt", headers=headers),
    ]
    refused = [guest.get("f/nothing", headers=headers), latest.get("", headers=headers), wrong]

    assert {one.status_code for one in shown} == {200}
    assert [one.status_code for one in refused] == [404, 403, 403]
    for one in (*shown, *refused):
        ensure_framed(one, language)
        assert 'name="robots" content="noindex"' in one.text


def test_names_that_mean_harm_do_nothing_on_any_page(sharer: Sharer) -> None:
    study = sharer.study
    package_id = study.create(HARM[0]).id
    for name in HARM:
        study.text(package_id, f"{name}/{name}", HARM[1].encode())
    study.frozen(package_id)
    guest = Sharer(sharer.client, study, package_id).share(slug="harm").browsing()
    directories = [quote(name) for name in HARM]
    paths = ["", "f/", *(f"?directory={name}" for name in directories)]
    paths += [f"f/{name}/" for name in directories]
    paths += [f"v/{name}/{name}" for name in directories]

    for path in paths:
        page = guest.get(path)
        assert page.status_code == 200, path
        ensure_framed(page, "en")
        assert "<script>alert" not in page.text, path
        assert "<img" not in page.text, path
        assert "49.txt" not in page.text, path
