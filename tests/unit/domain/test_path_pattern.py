"""Keys that clients may have, and those they may not."""

import pytest

from filemanager.domain.caller import Owner
from filemanager.domain.rawstore.path_pattern import PathPattern, own_key, shared_key
from filemanager.domain.rawstore.stored_file import (
    Deposit,
    DepositedFile,
    DepositRefused,
    Findability,
)

MD5_HEX = "e5ebd4c02cefbe7955977c67ada242b7"


def key(
    pattern: str, path: str = "data/f.csv", *, owner: str = "owner", dataset: str | None = "ds"
) -> str:
    wish = DepositedFile(
        path=path, size_bytes=8, md5=MD5_HEX, media_type="text/csv", name=path.rpartition("/")[2]
    )
    deposit = Deposit(owner=owner, findability=Findability.PRIVATE, files=(wish,), dataset=dataset)
    return PathPattern(pattern).key(deposit, wish)


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("{owner}/{dataset}/{path}", "owner/ds/data/f.csv"),
        ("{md5_hex}{extension}", f"{MD5_HEX}.csv"),
        ("{owner}/{dirname}/{basename}", "owner/data/f.csv"),
        ("fixed/{name}", "fixed/f.csv"),
        ("{owner}-{md5}", "owner-5evUwCzvvnlVl3xnraJCtw=="),
        ("{{{owner}}}", "{owner}"),
    ],
)
def test_a_pattern_is_filled(pattern: str, wanted: str) -> None:
    assert key(pattern) == wanted


@pytest.mark.parametrize("pattern", ["{tenant}", "{owner.__class__}", "{owner[0]}", "{}", "{0}"])
def test_a_pattern_with_an_unknown_variable_is_none(pattern: str) -> None:
    with pytest.raises(ValueError, match="STORAGE_PATH_PATTERN contains variable not found"):
        PathPattern(pattern)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "../x",
            "a/../../x",
            "/etc/passwd",
            "a//b",
            "",
            "a/",
            ".",
            "./a",
            "a\nb",
            "a\0",
            "\ud800",
        ),
        *("${filename}", "a/${filename}", "x${bucket", "a.${ext}"),
    ],
)
@pytest.mark.parametrize("pattern", ["{owner}/{path}", "{owner}/{basename}", "{md5_hex}"])
def test_a_path_that_leads_elsewhere_is_refused(pattern: str, path: str) -> None:
    with pytest.raises(DepositRefused) as refused:
        key(pattern, path)

    assert refused.value.message.startswith("filedata['")


@pytest.mark.parametrize("dataset", ["..", "a/../b", "/a", "", "a\r\n", "a${b"])
def test_a_dataset_that_leads_elsewhere_is_refused(dataset: str) -> None:
    with pytest.raises(DepositRefused, match=r"metadata\.dataset"):
        key("{owner}/{dataset}/{path}", dataset=dataset)


@pytest.mark.parametrize("owner", ["..", "a/b", "", ".", "a\0"])
def test_an_owner_is_one_segment(owner: str) -> None:
    with pytest.raises(DepositRefused, match=r"metadata\.owner"):
        key("{owner}/{path}", owner=owner)


@pytest.mark.parametrize("pattern", ["{owner}/${{filename}}", "${{x", "a${{b}}/{md5_hex}"])
def test_a_pattern_with_a_variable_of_stores_is_none(pattern: str) -> None:
    with pytest.raises(ValueError, match="variable of stores"):
        PathPattern(pattern)


def test_no_variable_of_stores_is_put_together() -> None:
    with pytest.raises(DepositRefused, match="would hold"):
        key("{owner}/${path}", "{filename}")


def test_a_dollar_alone_is_a_character() -> None:
    assert key("{owner}/{path}", "$5 {x}.csv") == "owner/$5 {x}.csv"


def test_a_file_without_a_dataset_lies_by_its_bytes() -> None:
    assert key("{owner}/{dataset}/{path}", dataset=None) == f"owner/{MD5_HEX}/data/f.csv"


@pytest.mark.parametrize("pattern", ["{md5_hex}{extension}", "{dataset}/{md5}{extension}"])
def test_nobody_takes_the_key_that_another_needs_for_his_own(pattern: str) -> None:
    with pytest.raises(DepositRefused, match="as those of single owners do"):
        key(pattern, "f.csv~0123abcd")
    with pytest.raises(DepositRefused, match="longer than"):
        key(pattern, "f." + "c" * 675)


def test_a_key_of_ones_own_leads_to_the_shared_one() -> None:
    own = own_key("a.csv", Owner("datahub:alice"))

    assert shared_key(own, Owner("datahub:alice")) == "a.csv"
    assert shared_key(own, Owner("datahub:bob")) is None
    assert shared_key("a.csv", Owner("datahub:alice")) is None


def test_a_dataset_is_not_needed_where_the_place_does_not_name_it() -> None:
    assert key("{owner}/{path}", dataset=None) == "owner/data/f.csv"


@pytest.mark.parametrize("owner", ["objects", "packs", "incoming", "rawstore", "repositories"])
def test_reserved_words_begin_no_key(owner: str) -> None:
    with pytest.raises(DepositRefused, match="reserved"):
        key("{owner}/{path}", owner=owner)


@pytest.mark.parametrize("path", ["a" * 700, "𝄞" * 300])
def test_a_key_that_no_store_takes_is_refused(path: str) -> None:
    with pytest.raises(DepositRefused, match="longer than"):
        key("{owner}/{path}", path)


@pytest.mark.parametrize(("pattern", "path"), [("{dirname}/{basename}", "a"), ("{extension}", "a")])
def test_a_key_that_is_no_place_is_refused(pattern: str, path: str) -> None:
    with pytest.raises(DepositRefused, match="place of its own"):
        key(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        ("{owner}/{path}", "alice"),
        ("raw/{owner}/x", "raw/alice"),
        ("{md5_hex}", ""),
        ("all", "all"),
    ],
)
def test_a_prefix_is_what_all_keys_of_an_owner_begin_with(pattern: str, prefix: str) -> None:
    assert PathPattern(pattern).prefix("alice") == prefix


@pytest.mark.parametrize("longest", ["a" * 694, "\U0001d11e" * 254 + "ab"])
def test_a_key_has_so_many_characters_and_bytes(longest: str) -> None:
    assert key("{owner}/{path}", longest) == f"owner/{longest}"
    with pytest.raises(DepositRefused, match="longer than"):
        key("{owner}/{path}", longest + "a")


def test_a_key_that_owners_share_leaves_room_for_those_of_their_own() -> None:
    longest = "a" * (700 - 33 - 9)

    assert key("{md5_hex}/{path}", longest) == f"{MD5_HEX}/{longest}"
    with pytest.raises(DepositRefused, match="longer than"):
        key("{md5_hex}/{path}", longest + "a")


@pytest.mark.parametrize(
    ("pattern", "is_shared"),
    [("{md5_hex}", True), ("{owner}/{md5_hex}", False), ("fixed/{name}", False)],
)
def test_owners_share_the_places_of_bytes_alone(pattern: str, is_shared: bool) -> None:
    assert PathPattern(pattern).is_shared is is_shared


def test_a_key_may_hold_what_is_not_seen_but_is_text() -> None:
    assert key("{owner}/{path}", "a\u200bb") == "owner/a\u200bb"


def test_a_refusal_names_the_field() -> None:
    wish = DepositedFile(path="f", size_bytes=8, md5=MD5_HEX, media_type="text/csv", name="a//b")
    deposit = Deposit(owner="owner", findability=Findability.PRIVATE, files=(wish,))

    assert PathPattern("x/{basename}").key(deposit, wish) == "x/f"
    with pytest.raises(DepositRefused) as refused:
        PathPattern("x/{name}").key(deposit, wish)
    assert refused.value.message.startswith("filedata['f'].name: ")
