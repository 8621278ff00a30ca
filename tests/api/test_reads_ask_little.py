"""What a read asks of the database: counted, so that no statement comes by unseen."""

import pytest

from builders.papers import PAPER, a_tarball, members_of
from people.person import Person
from worlds.questions import questions

FEW = {f"{number}.tex": PAPER + b"%% %d" % number for number in range(4)}
PATHS = {
    "content": "/{id}/content",
    "tar.gz": "/v2/workspaces/{id}/content.tar.gz",
    "file": "/v2/workspaces/{id}/files/0.tex",
    "file of the drop-in": "/{id}/0.tex/content",
}


@pytest.mark.parametrize("name", PATHS)
def test_small_bytes_are_read_by_two_statements(alice: Person, name: str) -> None:
    """The row of the workspace, and all that is to be sent; what is remembered is known by then."""
    made = alice.create("paper.tar.gz", a_tarball(FEW))
    path = PATHS[name].format(id=made["upload_id"])
    alice.get(path)

    with questions() as asked:
        answer = alice.get(path)

    assert answer.data == FEW["0.tex"] or members_of(answer.data) == FEW
    assert len(asked) <= 2
