"""A folder of a workspace goes on where its browser was killed, and is one change."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.packages.browsing import lasting
from e2e.web.breaking_off import FILES, a_folder, choose, send_half
from servers.service import V2, Service

pytestmark = pytest.mark.e2e


def open_signed_in(page: Page, node: Service, path: str) -> None:
    form: dict[str, str | float | bool] = {"token": node.token}
    assert page.request.post(f"{node.url}/login", form=form, headers={"Origin": node.url}).ok
    page.goto(f"{node.url}{path}")


def test_a_folder_goes_on_when_its_browser_was_killed_and_is_one_revision(
    running: Service, browser: Browser, tmp_path: Path
) -> None:
    made = running.call("POST", f"{V2}", json={"profile": "generic"}).json()["id"]
    running.put(made, "before.txt", b"x")
    revision = running.get(f"{V2}/{made}").json()["revision"]
    folder, profile, begun = a_folder(tmp_path / "data"), tmp_path / "profile", list[str]()
    with lasting(browser, profile) as before:
        open_signed_in(before.page, running, f"/w/{made}")
        send_half(before.page, folder, profile)
    assert running.get(f"{V2}/{made}").json()["revision"] == revision

    with lasting(browser, profile) as after:
        after.page.on("request", lambda one: begun.append(f"{one.method} {one.url}"))
        # A browser writes cookies down every half a minute.
        open_signed_in(after.page, running, f"/w/{made}")
        expect(after.page.get_by_text("An upload broke off here.")).to_be_visible()
        choose(after.page, folder)
        expect(after.page.get_by_text(f"{FILES} added")).to_be_visible(timeout=120_000)

    assert (before.outside, before.refused, after.outside, after.refused) == ([], [], [], [])
    assert 0 < begun.count(f"POST {running.url}/uploads/tus") < FILES
    assert running.get(f"{V2}/{made}").json()["revision"] == revision + 1
    assert len(running.paths(made)) == FILES + 1
