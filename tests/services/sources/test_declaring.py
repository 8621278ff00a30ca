"""Sources that a file of settings declares."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from builders.source_values import BUCKET, DIRECTORY
from filemanager.domain.sources.errors import SourceDeclared, SourceUnavailable
from filemanager.domain.sources.source import Credentials, NewSource, Probe, Source
from filemanager.services.sources.declaring import DeclaredSources
from filemanager.services.sources.keeping import SourceChange
from filemanager.storage.sources.sealing import AesSeals, SealingKey
from worlds.source_desk import KEY, SourceDesk

CREDENTIALS = Credentials(access_key="AK", secret_key="SK")
LAB = NewSource(name="lab", place=BUCKET, readers=frozenset({"i:alice"}), credentials=CREDENTIALS)
SCANS = NewSource(name="scans", place=DIRECTORY, readers=frozenset({"*"}))


def declare(desk: SourceDesk, *declared: NewSource, key: SealingKey = KEY) -> None:
    DeclaredSources(
        database=desk.world.database,
        service=desk.with_keys(key),
        seals=AesSeals([key]),
        declared=declared,
        clock=desk.world.clock,
    ).apply()


def living(desk: SourceDesk) -> dict[str, Source]:
    return {one.name: one for one in desk.service.all()}


def test_what_is_declared_is_made_and_probed(desk: SourceDesk) -> None:
    declare(desk, LAB, SCANS)

    found = living(desk)
    assert [(one.name, one.place, one.readers) for one in found.values()] == [
        (one.name, one.place, one.readers) for one in (LAB, SCANS)
    ]
    assert AesSeals([KEY]).open(found["lab"]) == CREDENTIALS
    assert found["scans"].sealed is None
    assert all(one.probe.versioning and one.is_declared for one in found.values())


def test_the_same_file_once_more_changes_and_asks_nothing(desk: SourceDesk) -> None:
    declare(desk, LAB, SCANS)
    before = living(desk)

    declare(desk, LAB, SCANS)

    assert living(desk) == before
    assert desk.sources.bucket("lab").asked == ["probe "]


def test_what_changed_in_the_file_changes_and_keeps_its_id(desk: SourceDesk) -> None:
    declare(desk, LAB)
    before = living(desk)["lab"]
    other = replace(CREDENTIALS, secret_key="other")
    place = replace(BUCKET, bucket="other")

    declare(desk, replace(LAB, place=place, readers=frozenset(), credentials=other))

    changed = living(desk)["lab"]
    assert (changed.id, changed.place, changed.readers) == (before.id, place, frozenset())
    assert AesSeals([KEY]).open(changed) == other
    declare(desk, replace(LAB, credentials=None))
    assert living(desk)["lab"].sealed is None


def test_what_left_the_file_is_removed_and_what_was_never_in_it_stays(desk: SourceDesk) -> None:
    desk.service.add(replace(LAB, name="made"))
    declare(desk, LAB, SCANS)

    declare(desk, SCANS)

    assert living(desk).keys() == {"made", "scans"}


def test_what_is_declared_again_is_what_it_was_with_all_that_points_into_it(
    desk: SourceDesk,
) -> None:
    declare(desk, LAB, SCANS)
    before = living(desk)

    declare(desk)
    assert living(desk) == {}
    declare(desk, LAB, SCANS)

    after = living(desk)
    assert after["scans"] == before["scans"]
    assert replace(after["lab"], sealed=before["lab"].sealed) == before["lab"]
    assert AesSeals([KEY]).open(after["lab"]) == CREDENTIALS


def test_what_somebody_made_and_removed_does_not_come_back(desk: SourceDesk) -> None:
    made = desk.service.add(LAB)
    desk.service.remove("lab")

    declare(desk, LAB)

    assert living(desk)["lab"].id != made.id


def test_the_file_takes_over_what_somebody_made_under_the_same_name(desk: SourceDesk) -> None:
    made = desk.service.add(replace(LAB, readers=frozenset()))

    declare(desk, LAB)

    assert living(desk)["lab"] == replace(made, readers=LAB.readers, is_declared=True)


def test_credentials_that_no_key_opens_are_sealed_anew(desk: SourceDesk) -> None:
    declare(desk, LAB, key=SealingKey("lost", b"l" * 32))

    declare(desk, LAB)

    assert AesSeals([KEY]).open(living(desk)["lab"]) == CREDENTIALS


def test_one_that_does_not_answer_holds_up_nothing_and_is_probed_at_a_later_start(
    desk: SourceDesk,
) -> None:
    desk.sources.bucket("lab").fault = SourceUnavailable("lab")

    with capture_logs() as logs:
        declare(desk, LAB, SCANS)
    away = living(desk)
    desk.sources.bucket("lab").fault = None
    declare(desk, LAB, SCANS)

    assert logs == [
        {
            "event": "source_not_probed",
            "log_level": "warning",
            "source": "lab",
            "code": "source_unavailable",
        }
    ]
    assert (away["lab"].probe, away["scans"].probe.versioning) == (Probe(), True)
    assert living(desk)["lab"].probe.versioning


def test_what_is_declared_is_changed_in_the_file_alone(desk: SourceDesk) -> None:
    declare(desk, LAB)

    for change in (
        lambda: desk.service.remove("lab"),
        lambda: desk.service.change("lab", SourceChange(readers=frozenset())),
    ):
        with pytest.raises(SourceDeclared):
            change()
