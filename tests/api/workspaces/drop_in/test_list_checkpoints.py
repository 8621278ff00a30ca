"""GET /<id>/list_checkpoints: the named states, oldest first."""

from builders.papers import PAPER
from people.answers import DENIED, NO_SESSION, NO_WORKSPACE, answer
from people.person import Person


def test_it_works(alice: Person) -> None:
    summary = alice.create("main.tex", PAPER)
    alice.post("/1/checkpoint")

    listed = alice.get("/1/list_checkpoints").get_json()

    created = listed["checkpoints"][0].pop("modified_datetime")
    assert created >= summary["modified_datetime"]
    assert created.endswith("+00:00")
    assert listed == {
        "upload_id": 1,
        "checkpoints": [
            {
                "name": "checkpoint_1_theuser.tar.gz",
                "size": summary["upload_compressed_size"],
                "checksum": summary["checksum"],
            }
        ],
    }


def test_a_workspace_has_none_at_first(alice: Person) -> None:
    alice.create("main.tex", PAPER)

    response = alice.get("/1/list_checkpoints")

    assert answer(response) == (200, {"upload_id": 1, "checkpoints": []})


def test_no_token_is_401(alice: Person, anonymous: Person) -> None:
    alice.create("main.tex", PAPER)

    assert answer(anonymous.get("/1/list_checkpoints")) == NO_SESSION


def test_a_scope_too_few_is_403(alice: Person, nobody: Person) -> None:
    alice.create("main.tex", PAPER)

    assert answer(nobody.get("/1/list_checkpoints")) == DENIED


def test_a_stranger_is_403(alice: Person, charlie: Person) -> None:
    alice.create("main.tex", PAPER)

    assert answer(charlie.get("/1/list_checkpoints")) == DENIED


def test_an_unknown_workspace_is_404(alice: Person) -> None:
    assert answer(alice.get("/9999/list_checkpoints")) == NO_WORKSPACE
