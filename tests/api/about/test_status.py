"""HEAD and GET /status: whether the service can work."""

from filemanager.settings.service import Settings
from people.answers import BAD_TOKEN, answer
from people.person import Person


def test_it_works_without_a_token(anonymous: Person) -> None:
    assert answer(anonymous.get("/status")) == (200, {"database": True})


def test_head_works(anonymous: Person) -> None:
    response = anonymous.head("/status")

    assert (response.status_code, response.data) == (200, b"")


def test_a_token_that_is_sent_must_be_good(anonymous: Person) -> None:
    response = anonymous.get("/status", headers={"Authorization": "garbage"})

    assert answer(response) == BAD_TOKEN


def test_a_database_that_does_not_answer_is_503(anonymous: Person, settings: Settings) -> None:
    database = settings.data_dir / "filemanager.db"
    database.unlink()
    database.mkdir()

    assert answer(anonymous.get("/status")) == (503, {"database": False})
