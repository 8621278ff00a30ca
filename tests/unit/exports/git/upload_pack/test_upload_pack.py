"""``git-upload-pack``, protocol v0."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filemanager.exports.git.repository import ANNEX, MAIN
from filemanager.exports.git.upload_pack.answers import advertisement, answer, refusal
from filemanager.exports.git.upload_pack.asked import (
    MAX_REQUEST_BYTES,
    GitRequestBroken,
    GitRequestRefused,
    UploadPackRequest,
    asked_in,
)
from filemanager.exports.git.upload_pack.lines import FLUSH, MAX_LINE_BYTES, line, lines_of

OURS, OTHER, THEIRS = "a" * 40, "b" * 40, "c" * 40
WANT = line(f"want {OURS} side-band-64k agent=git/2.39\n".encode())
BARE = line(f"want {OURS}\n".encode())
HAVE = line(f"have {THEIRS}\n".encode())
DONE = line(b"done\n")
PACK = b"PACK" + b"p" * 100_000


def asked(*lines: bytes) -> UploadPackRequest:
    return asked_in(b"".join(lines), [OURS, OTHER])


def answered(*lines: bytes) -> bytes:
    return b"".join(answer(asked(*lines), [PACK]))


def test_head_is_main_and_every_branch_is_told() -> None:
    told = list(lines_of(advertisement({MAIN: OURS, ANNEX: OTHER})))

    first = told.pop(2)
    assert first is not None
    head, _, can = first.decode().partition("\0")
    assert head == f"{OURS} HEAD"
    assert "symref=HEAD:refs/heads/main" in can.split()
    assert told == [
        *(b"# service=git-upload-pack", None),
        f"{OTHER} refs/heads/git-annex".encode(),
        f"{OURS} refs/heads/main".encode(),
        None,
    ]


def test_a_clone_gets_the_pack_in_a_band_of_its_own() -> None:
    told = answered(WANT, FLUSH, DONE)

    lines = list(lines_of(told))
    assert lines[0] == b"NAK"
    assert lines[-1] is None
    assert b"".join(band[1:] for band in lines[1:-1] if band) == PACK
    assert {band[:1] for band in lines[1:-1] if band} == {b"\1"}


def test_a_client_without_bands_gets_the_bare_pack() -> None:
    assert answered(BARE, FLUSH, DONE) == b"0008NAK\n" + PACK


def test_what_a_client_has_is_not_in_common() -> None:
    assert answered(WANT, FLUSH, HAVE, HAVE, FLUSH) == b"0008NAK\n"
    assert answered(BARE, FLUSH, HAVE, FLUSH, HAVE, DONE) == b"0008NAK\n" + PACK


def test_a_root_is_whole_at_any_depth() -> None:
    deepen = line(b"deepen 1\n")
    shallow = line(f"shallow {THEIRS}\n".encode())

    assert answered(WANT, shallow, deepen, FLUSH) == FLUSH
    assert answered(BARE, deepen, FLUSH, DONE) == FLUSH + b"0008NAK\n" + PACK
    assert answered(BARE, shallow, FLUSH, DONE) == b"0008NAK\n" + PACK


@pytest.mark.parametrize("body", [b"", FLUSH, FLUSH + FLUSH])
def test_who_wants_nothing_gets_nothing(body: bytes) -> None:
    assert answered(body) == b""


def test_a_client_may_want_both_branches() -> None:
    both = asked(WANT, line(f"want {OTHER}\n".encode()), FLUSH, DONE)

    assert both.wants == {OURS, OTHER}


@pytest.mark.parametrize(
    "wanted",
    [
        line(f"want {THEIRS}\n".encode()),
        line(f"want {OURS} object-format=sha256\n".encode()),
        WANT + line(b"filter blob:none\n"),
        WANT + line(b"deepen-since 1700000000\n"),
        WANT + line(b"deepen-not main\n"),
    ],
)
def test_what_no_repository_of_ours_has_is_refused(wanted: bytes) -> None:
    with pytest.raises(GitRequestRefused):
        asked(wanted, FLUSH, DONE)


@pytest.mark.parametrize(
    "body",
    [
        b"0",
        b"want",
        b"zzzz",
        b"-001",
        b"0x10" + b"x" * 12,
        b"0001",
        b"0003",
        b"0004",
        b"0010short",
        b"fff5" + b"x" * 65521,
        line(b"want \n"),
        line(f"want {OURS.upper()}\n".encode()),
        line(f"want {OURS[1:]}\n".encode()),
        line(f"want {OURS}\0x\n".encode()),
        HAVE + FLUSH,
        DONE,
        WANT + HAVE + FLUSH,
        line(b"deepen x\n"),
        WANT + line(b"deepen 1\n") + WANT + FLUSH,
        WANT + line(b"shallow x\n") + FLUSH,
        WANT + FLUSH + DONE + HAVE,
        WANT + FLUSH + DONE + FLUSH,
        WANT + FLUSH + WANT,
        WANT + FLUSH + line(b"have x\n"),
    ],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(GitRequestBroken):
        asked(body)


def test_a_request_that_is_too_long_is_not_read() -> None:
    with pytest.raises(GitRequestRefused, match="at most 1048576 bytes"):
        asked(b"x" * (MAX_REQUEST_BYTES + 1))


def test_the_pack_is_not_touched_before_it_is_wanted() -> None:
    def never() -> Iterator[bytes]:
        raise AssertionError
        yield b""

    told = b"".join(answer(asked(WANT, FLUSH, HAVE, FLUSH), never()))

    assert told == b"0008NAK\n"


def test_a_refusal_is_shown_by_git() -> None:
    assert refusal("upload-pack: not our ref") == b"0021ERR upload-pack: not our ref\n"


@given(st.lists(st.binary(min_size=1, max_size=300).map(lambda sent: sent + b".")))
def test_lines_are_read_back(sent: list[bytes]) -> None:
    assert list(lines_of(b"".join(map(line, sent)))) == sent


@given(
    st.lists(
        st.sampled_from([WANT, BARE, HAVE, DONE, FLUSH, line(b"deepen 3\n"), b"0001", b"00"])
        | st.binary(max_size=12)
    )
)
def test_whatever_is_sent_is_read_or_refused(sent: list[bytes]) -> None:
    try:
        request = asked(*sent)
    except (GitRequestBroken, GitRequestRefused):
        return

    told = b"".join(answer(request, [PACK]))
    assert request.wants <= {OURS, OTHER}
    assert (PACK[-100:] in told) is (request.is_done and bool(request.wants))


def test_no_line_is_longer_than_the_protocol_has() -> None:
    told = answered(WANT, FLUSH, DONE)

    assert max(len(band) for band in lines_of(told) if band) <= MAX_LINE_BYTES - 4
