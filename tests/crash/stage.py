"""The service on some data, what is done to it, and what can be seen of it afterwards."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from random import Random
from typing import Any

import structlog
from pydantic import SecretStr
from werkzeug.test import TestResponse

from builders.papers import PAPER, SECRET, a_tarball, a_token
from filemanager.factory import application as factory
from filemanager.factory.parts import Parts, parts_of
from filemanager.services.upkeep.fsck.fsck import Fsck
from filemanager.services.upkeep.watching import Problem
from filemanager.settings.service import Settings
from people.answers import everything
from people.following import led_to
from people.person import Person
from people.tus_uploader import Uploader

LARGE = Random(3).randbytes(1_300_000)
"""Does not compress, and is an object of its own."""

_PASSING = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)"
    r"|\d\d/[A-Z][a-z]{2}/\d{4}:[\d:]{8} \+0000"
    r"|workspace '\d+'"
)
"""Times, as JSON and as logs write them, and numbers of workspaces in logs."""

_IDS = frozenset({"id", "upload_id"})

Change = Callable[[Person, int], TestResponse]


def settings_of(data_dir: Path, database_url: str | None = None) -> Settings:
    secret = SecretStr(SECRET)
    return Settings(data_dir=data_dir, database_url=database_url, jwt_secret=secret, jobs=False)


@dataclass(frozen=True, slots=True)
class Stage:
    parts: Parts
    alice: Person
    staff: Person

    def seen(self) -> Any:
        """Everything that the API shows, but for times and the numbers of workspaces."""
        return _lasting(everything(self.staff))

    def problems(self) -> list[Problem]:
        """What ``fsck`` finds when it reads every byte."""
        heard = _Heard()
        Fsck(self.parts.database, self.parts.blobs, heard).check(deep=True)
        return heard.problems


def stage(parts: Parts) -> Stage:
    """The application on *parts*, without a server."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    client = factory.app_on(parts).test_client()
    staff = Person(client, a_token("2", "upload:admin", username="bob"))
    return Stage(parts, Person(client, a_token("1")), staff)


@contextmanager
def stage_on(data_dir: Path) -> Iterator[Stage]:
    """The application on the data of a directory, closed at the end."""
    parts = parts_of(settings_of(data_dir))
    with closing(parts.database):
        yield stage(parts)


def prepare(parts: Parts) -> int:
    """Make a workspace: an archive, a large file, a checkpoint, and changes after it."""
    alice = stage(parts).alice
    paper = a_tarball({"a.tex": PAPER, "fig/b.bin": b"figure", "c": b"c"})
    workspace = int(alice.create("paper.tar.gz", paper)["upload_id"])
    large = alice.put(f"/v2/workspaces/{workspace}/files/large.bin", LARGE)
    named = alice.post(f"/{workspace}/checkpoint")
    later = alice.upload(f"/{workspace}", "later.tex", PAPER + b"% later")
    gone = alice.delete(f"/{workspace}/c")
    made = [answer.status_code for answer in (large, named, later, gone)]
    assert made == [201, 200, 201, 200]
    return workspace


_MORE = a_tarball({f"more/{n}.tex": PAPER + b"%%%d" % n for n in range(5)} | {"new.bin": LARGE[1:]})

_MANY = a_tarball({f"many/{n}.bin": LARGE[n * 50_000 :][:50_000] for n in range(3)})
"""Together too large for a small pack."""


def _create(alice: Person, _workspace: int) -> TestResponse:
    return alice.upload("/", "paper.tex", PAPER + b"% another")


def _create_from_archive(alice: Person, _workspace: int) -> TestResponse:
    return alice.upload("/", "more.tar.gz", _MORE)


def _add_small(alice: Person, workspace: int) -> TestResponse:
    return alice.upload(f"/{workspace}", "new.tex", PAPER + b"% new")


def _add_large(alice: Person, workspace: int) -> TestResponse:
    return alice.put(f"/v2/workspaces/{workspace}/files/new.bin", LARGE[1:])


def _add_archive(alice: Person, workspace: int) -> TestResponse:
    return alice.upload(f"/{workspace}", "more.tar.gz", _MORE)


def _add_many(alice: Person, workspace: int) -> TestResponse:
    return alice.upload(f"/{workspace}", "many.tar.gz", _MANY)


def _add_by_tus(alice: Person, workspace: int) -> TestResponse:
    return _by_tus(alice, workspace, "new.bin", LARGE[1:])


def _add_small_by_tus(alice: Person, workspace: int) -> TestResponse:
    return _by_tus(alice, workspace, "new.tex", PAPER + b"% new")


def _add_by_tus_in_pieces(alice: Person, workspace: int) -> TestResponse:
    """The second goes behind the first, in the same file."""
    return _by_tus(alice, workspace, "new.bin", LARGE[1:700_000], LARGE[700_000:])


def _by_tus(alice: Person, workspace: int, name: str, *pieces: bytes) -> TestResponse:
    """The answer to the last piece, or the first refusal."""
    uploader, offset = Uploader(alice.client, alice.token, workspace), 0
    begun = answer = uploader.create(sum(map(len, pieces)), name)
    for piece in pieces:
        if answer.status_code not in (HTTPStatus.CREATED, HTTPStatus.NO_CONTENT):
            break
        answer = uploader.append(led_to(begun), offset, piece)
        offset += len(piece)
    return answer


def _overwrite(alice: Person, workspace: int) -> TestResponse:
    return alice.upload(f"/{workspace}", "a.tex", PAPER + b"% over")


def _checkpoint_with_upload(alice: Person, workspace: int) -> TestResponse:
    return alice.upload(f"/{workspace}/checkpoint_with_upload", "new.tex", PAPER + b"% new")


def _delete_file(alice: Person, workspace: int) -> TestResponse:
    return alice.delete(f"/{workspace}/a.tex")


def _delete_all(alice: Person, workspace: int) -> TestResponse:
    return alice.post(f"/{workspace}/delete_all")


def _checkpoint(alice: Person, workspace: int) -> TestResponse:
    return alice.post(f"/{workspace}/checkpoint")


def _restore(alice: Person, workspace: int) -> TestResponse:
    listed = alice.get(f"/{workspace}/list_checkpoints")
    if listed.status_code != HTTPStatus.OK:
        return listed
    checksum = listed.get_json()["checkpoints"][0]["checksum"]
    return alice.post(f"/{workspace}/restore_checkpoint/{checksum}")


def _delete_workspace(alice: Person, workspace: int) -> TestResponse:
    return alice.delete(f"/{workspace}")


CHANGES: Mapping[str, Change] = {
    change.__name__[1:]: change
    for change in (
        _create,
        _create_from_archive,
        _add_small,
        _add_large,
        _add_archive,
        _add_many,
        _add_by_tus,
        _add_small_by_tus,
        _add_by_tus_in_pieces,
        _overwrite,
        _checkpoint_with_upload,
        _delete_file,
        _delete_all,
        _checkpoint,
        _restore,
        _delete_workspace,
    )
}
"""By name; each is to happen whole or not at all."""


@dataclass(slots=True)
class _Heard:
    """A watcher that only listens."""

    problems: list[Problem] = field(default_factory=list)

    def problem(self, problem: Problem) -> None:
        self.problems.append(problem)

    def begin(self, what: str, total: int | None) -> None:
        """Progress is not looked at."""

    def advance(self, count: int) -> None:
        """Progress is not looked at."""


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        if all(isinstance(key, int) for key in value):
            return [_lasting(inner) for _, inner in sorted(value.items())]
        return {key: _lasting(inner) for key, inner in value.items() if key not in _IDS}
    if isinstance(value, list):
        return [_lasting(inner) for inner in value]
    return _PASSING.sub("<passing>", value) if isinstance(value, str) else value
