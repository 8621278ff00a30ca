"""Sources are added, changed, looked at, checked, sealed anew and removed."""

from dataclasses import replace

import pytest

from builders.source_values import BUCKET
from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.sources.errors import (
    CredentialsLocked,
    NoSourceKeys,
    SourceExists,
    SourceUnavailable,
    SourceUnknown,
)
from filemanager.domain.sources.objects import ObjectQuery
from filemanager.domain.sources.source import Credentials, NewSource, Probe, Source
from filemanager.services.sources.keeping import SourceChange
from filemanager.storage.sources.sealing import AesSeals, SealingKey
from worlds.source_desk import KEY, SourceDesk

CREDENTIALS = Credentials(access_key="AK", secret_key="SK")
OTHERS = replace(CREDENTIALS, secret_key="other")
ALICE = Caller(issuer="i", subject="alice", name="alice")
BOB = replace(ALICE, subject="bob")
ADMIN = replace(BOB, granted=frozenset({GrantedScope(Scope.PACKAGE_ADMIN)}))
LAB = NewSource(name="lab", place=BUCKET, readers=frozenset({ALICE.owner}), credentials=CREDENTIALS)
FOUND = Probe(versioning=True, conditional_get=True, signed_head=True, cors=False)


def stored(desk: SourceDesk, name: str = "lab") -> Source | None:
    with desk.world.database.read() as tx:
        return tx.sources.find(name)


def test_a_source_is_tried_and_then_kept_with_its_credentials_sealed(desk: SourceDesk) -> None:
    made = desk.service.add(LAB)

    assert made == stored(desk)
    assert (made.name, made.place, made.readers, made.probe) == ("lab", BUCKET, LAB.readers, FOUND)
    assert AesSeals([KEY]).open(made) == CREDENTIALS
    assert desk.sources.tried == [CREDENTIALS]


def test_what_does_not_answer_is_not_kept(desk: SourceDesk) -> None:
    desk.sources.bucket("lab").fault = SourceUnavailable("lab")

    with pytest.raises(SourceUnavailable):
        desk.service.add(LAB)

    assert stored(desk) is None


def test_without_keys_nothing_with_credentials_is_kept_or_even_tried(desk: SourceDesk) -> None:
    with pytest.raises(NoSourceKeys):
        desk.with_keys().add(LAB)
    desk.with_keys().add(replace(LAB, name="open", credentials=None))

    assert stored(desk) is None
    assert desk.sources.tried == [None]


def test_a_name_that_is_taken_is_refused_before_anybody_is_asked(desk: SourceDesk) -> None:
    desk.service.add(LAB)

    with pytest.raises(SourceExists):
        desk.service.add(LAB)

    assert desk.sources.bucket("lab").asked == ["probe "]


def test_readers_change_from_one_moment_to_the_next(desk: SourceDesk) -> None:
    made = desk.service.add(LAB)
    desk.service.objects(ALICE, "lab", ObjectQuery())

    desk.service.change("lab", SourceChange(readers=frozenset({BOB.owner})))

    with pytest.raises(SourceUnknown):
        desk.service.objects(ALICE, "lab", ObjectQuery())
    desk.service.objects(BOB, "lab", ObjectQuery())
    assert stored(desk) == replace(made, readers=frozenset({BOB.owner}))


def test_other_credentials_are_tried_before_they_take_the_place_of_the_old(
    desk: SourceDesk,
) -> None:
    made = desk.service.add(LAB)
    desk.sources.bucket("lab").fault = SourceUnavailable("lab")
    with pytest.raises(SourceUnavailable):
        desk.service.change("lab", SourceChange(credentials=OTHERS))
    assert stored(desk) == made
    desk.sources.bucket("lab").fault = None

    changed = desk.service.change("lab", SourceChange(credentials=OTHERS))

    assert AesSeals([KEY]).open(changed) == OTHERS
    assert replace(changed, sealed=made.sealed) == made == replace(made, sealed=made.sealed)
    with pytest.raises(NoSourceKeys):
        desk.with_keys().change("lab", SourceChange(credentials=OTHERS))


def test_a_removed_source_is_nobodys_and_keeps_no_credentials(desk: SourceDesk) -> None:
    made = desk.service.add(LAB)

    desk.service.remove("lab")

    with desk.world.database.read() as tx:
        (kept,) = tx.sources.get_all([made.id]).values()
    assert kept.sealed is None
    for look in (
        lambda: desk.service.remove("lab"),
        lambda: desk.service.get(ADMIN, "lab"),
        lambda: desk.service.objects(ALICE, "lab", ObjectQuery()),
        lambda: desk.service.change("lab", SourceChange()),
        lambda: desk.service.check("lab"),
    ):
        with pytest.raises(SourceUnknown):
            look()


def test_a_source_is_shown_to_its_readers_and_to_those_who_look_after_sources(
    desk: SourceDesk,
) -> None:
    made = desk.service.add(LAB)

    assert desk.service.get(ALICE, "lab") == desk.service.get(ADMIN, "lab") == made
    with pytest.raises(SourceUnknown):
        desk.service.get(BOB, "lab")


def test_to_look_after_a_source_is_not_to_read_it(desk: SourceDesk) -> None:
    desk.service.add(LAB)

    with pytest.raises(SourceUnknown):
        desk.service.objects(ADMIN, "lab", ObjectQuery())


def test_a_page_holds_what_one_may_see(desk: SourceDesk) -> None:
    everybody = frozenset({"*"})
    for number in range(7):
        readers = everybody if number % 2 else LAB.readers
        desk.service.add(replace(LAB, name=f"s{number}", readers=readers))

    def names(caller: Caller, after: str, limit: int) -> list[str]:
        return [one.name for one in desk.service.page(caller, after, limit)]

    assert names(BOB, "", 10) == ["s1", "s3", "s5"]
    assert names(BOB, "s1", 1) == ["s3"]
    assert names(ALICE, "s1", 2) == ["s2", "s3"]
    assert len(names(ADMIN, "", 10)) == len(desk.service.all()) == 7


def test_a_check_keeps_what_is_found_by_now(desk: SourceDesk) -> None:
    made = desk.service.add(LAB)
    desk.sources.bucket("lab").is_versioned = False

    checked = desk.service.check("lab")

    assert checked == stored(desk) == replace(made, probe=replace(FOUND, versioning=False))


def test_what_an_older_key_sealed_is_sealed_with_the_newest(desk: SourceDesk) -> None:
    new = SealingKey("second", b"n" * 32)
    lost = desk.with_keys(SealingKey("lost", b"l" * 32))
    lost.add(replace(LAB, name="lost"))
    desk.service.add(LAB)
    desk.service.add(replace(LAB, name="open", credentials=None))

    done = desk.with_keys(new, KEY).rekey()
    again = desk.with_keys(new, KEY).rekey()

    assert (done.sealed_anew, done.locked) == (1, ("lost",))
    assert (again.sealed_anew, again.locked) == (0, ("lost",))
    found = stored(desk)
    assert found
    assert AesSeals([new]).open(found) == CREDENTIALS
    with pytest.raises(CredentialsLocked):
        AesSeals([KEY]).open(found)
