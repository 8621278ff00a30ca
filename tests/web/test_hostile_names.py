"""No page does what somebody wrote into a name, a text or an address: a walk over all of them."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from werkzeug.routing import Rule

from architecture.routes import EVERY_SCOPE, is_page, operation_of, rules
from builders.papers import SECRET, a_token
from filemanager.domain.jobs.job import Lane
from filemanager.domain.sources.source import DirectoryPlace
from filemanager.factory.application import doors_of, handlers_of
from filemanager.factory.core import core_of
from filemanager.factory.parts import clock, parts_of
from filemanager.jobs.worker import Habits, Worker
from filemanager.settings.connected_sources import ConnectedSourcesSettings
from filemanager.settings.service import Settings
from people.pushers import door_settings
from people.surfers import Surfer
from web.hostile import HARM, LINES, MARK, NUL, HostileWorld, make, wrong_in

TOKEN = a_token("1", *EVERY_SCOPE, "upload:admin", username=HARM[:90])
ASKED = (HARM, LINES, "zzq" * 3000, NUL)
RAW = ("%FF", "%ED%B3%BF", "%252e%252e")
QUERIES = (
    "q", "cursor", "done", "directory", "prefix", "path", "from", "to", "version", "owner", "name",
    "added",
)  # fmt: skip

_PLACE = re.compile("<[^>]*>")

NOTHING_OF_OTHERS = {
    "about.explain_finding": "its words are ours",
    "about.explain_problem": "the same",
    "about.show_docs": "the same",
    "pages.landing.show_landing": "nobody's, but for who is signed in",
    "pages.signing_in.show_handover": "whom it is for, who is in a token",
    "pages.signing_in.show_sign_in": "a form",
}
"""Pages that show nothing that others have named; they are asked with hostile questions alone."""

OURS_ALONE = {
    "/bucket/upload", "/bucket/upload/inspect", "/bucket/checksum", "/bucket/replica/",
    "/repositories/", "/repositories/index", "/repositories/live/2.8/ubuntu", "/bucket/",
}  # fmt: skip
"""Pages of the walk on which nothing of it is seen."""


@pytest.fixture
def special(tmp_path: Path) -> dict[str, Any]:
    return {
        "connected_sources": ConnectedSourcesSettings(source_directories=str(tmp_path)),
        "bucket": {"bucket_anonymous": "write", "replicate_0": "user/${USERNAME}"},
        "allowed_hosts": "fooserver.localdomain",
        **door_settings(),
    }


@pytest.fixture
def parts(app: Flask, tmp_path: Path, special: dict[str, Any]) -> Any:
    assert app
    return parts_of(Settings(data_dir=tmp_path, jwt_secret=SECRET, jobs=False, **special))


@pytest.fixture
def work(parts: Any) -> Callable[[], None]:
    habits = Habits(lease=timedelta(minutes=1), clock=clock, jitter=lambda: 0.0)
    handlers = handlers_of(doors_of(core_of(parts)))
    workers = [Worker(parts.database, handlers, lane, habits) for lane in Lane]

    def run() -> None:
        while any(worker.run_next() for worker in workers):
            pass

    return run


@pytest.fixture
def world(app: Flask, parts: Any, tmp_path: Path, work: Callable[[], None]) -> HostileWorld:
    lab = tmp_path / "lab"
    lab.mkdir()
    place = DirectoryPlace(path=str(lab))
    parts.database.write(lambda tx: tx.sources.add("lab", place, ["*"], clock()))
    made = HostileWorld(app.test_client(), TOKEN, "http://fooserver.localdomain", work)
    make(made, lab)
    return made


@pytest.fixture
def signed_in(surfer: Surfer) -> Surfer:
    assert surfer.sign_in(TOKEN).status_code == 303
    return surfer


def test_no_page_does_what_somebody_wrote(world: HostileWorld, signed_in: Surfer) -> None:
    answers = {path: signed_in.get(path) for path in world.paths}

    wrong = {path: found for path, answer in answers.items() if (found := wrong_in(answer))}
    unseen = {path for path, answer in answers.items() if MARK not in answer.text}
    statuses = {path: a.status_code for path, a in answers.items() if a.status_code != 200}
    assert wrong == {}
    assert unseen == OURS_ALONE
    assert list(statuses.values()) == [403, 404]


def test_no_page_is_left_out(world: HostileWorld, app: Flask) -> None:
    """Whoever adds one adds it to the world, with names that mean harm."""
    places = app.url_map.bind("localhost")
    walked = {places.match(urlsplit(path).path)[0] for path in world.paths}

    assert {rule.endpoint for rule in pages(app)} - walked == set(NOTHING_OF_OTHERS)


@pytest.mark.parametrize("is_signed_in", [True, False], ids=["signed-in", "stranger"])
def test_no_page_does_what_an_address_says(app: Flask, surfer: Surfer, is_signed_in: bool) -> None:
    if is_signed_in:
        surfer.sign_in(TOKEN)

    asked = [*dict.fromkeys(path for rule in pages(app) for path in hostile_paths(rule))]
    wrong = {path[:200]: found for path in asked if (found := wrong_in(surfer.get(path)))}

    assert len(asked) > 500
    assert wrong == {}


def pages(app: Flask) -> list[Rule]:
    return [rule for rule in rules(app) if is_page(operation_of(app, rule), rule)]


def hostile_paths(rule: Rule) -> Iterator[str]:
    """Something of it in each place of the path at once, and in each question."""
    encoded = [*(quote(one, safe="") for one in ASKED), *RAW]
    for text in encoded:
        yield filled(rule, text)
        queries = "&".join(f"{name}={text}" for name in QUERIES)
        yield f"{filled(rule, '1')}?{queries}"
    for name in QUERIES:
        yield from (f"{filled(rule, '1')}?{name}={text}" for text in (encoded[0], RAW[0]))


def filled(rule: Rule, text: str) -> str:
    return _PLACE.sub(lambda _: text, rule.rule)
