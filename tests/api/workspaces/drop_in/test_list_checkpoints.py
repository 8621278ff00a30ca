"""GET /<id>/list_checkpoints: the named states, oldest first."""

from builders.papers import PAPER
from people.answers import answer
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
