"""A broken paper of Alice's, whose names and texts mean harm."""

from dataclasses import dataclass

import pytest

from people.person import Person
from people.surfers import Surfer

HARM = "<script>alert(1)</script>"
NAMES = (
    'a"onmouseover=alert(1) b.txt',
    "<img src=x onerror=alert(1)>.txt",
    "javascript:alert(1).txt",
    "{{7+7}}.txt",
    "50% off & more.txt",
    "\u202egnp.txt",
)


@dataclass(frozen=True)
class Desk:
    """A workspace of Alice's: her browser, and her as a program."""

    surfer: Surfer
    api: Person
    number: int

    @property
    def home(self) -> str:
        return f"/w/{self.number}"

    @property
    def text(self) -> str:
        return self.surfer.get(self.home).text

    def put(self, path: str, data: bytes) -> None:
        answer = self.api.put(f"/v2/workspaces/{self.number}/files/{path}", data)
        assert answer.status_code == 201, answer.text

    @property
    def paths(self) -> list[str]:
        entries = self.api.get(f"/v2/workspaces/{self.number}/entries").get_json()["entries"]
        return [one["path"] for one in entries]

    @property
    def revision(self) -> str:
        return str(self.api.get(f"/v2/workspaces/{self.number}").get_json()["revision"])

    def act(self, what: str, **fields: str) -> int:
        """The status of a form of the page."""
        data = {"revision": self.revision, **fields}
        return self.surfer.send(f"{self.home}/{what}", data).status_code


@pytest.fixture
def profile() -> str:
    """Tests parametrise it."""
    return "arxiv"


@pytest.fixture
def desk(alice: Surfer, api: Person, profile: str) -> Desk:
    made = api.post("/v2/workspaces", json={"name": f"On rings {HARM}", "profile": profile})
    return Desk(alice, api, int(made.get_json()["id"]))
