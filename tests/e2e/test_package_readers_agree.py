"""Our readers of packages against dpkg, rpm and createrepo_c."""

import random
import subprocess
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path

import pytest

from builders.debian import (
    CONTROL,
    DATA,
    VERSION,
    a_deb,
    a_paragraph,
    a_tar,
    an_ar,
    control_archive,
)
from builders.in_memory import Bytes
from builders.rpms import (
    CONFLICTS,
    LIBC,
    OLD_ENHANCES,
    OLD_SUGGESTS,
    PROVIDES,
    RECOMMENDS,
    REQUIRES,
    STRONG,
    Cell,
    an_old_rpm,
    an_rpm,
    files_of,
    int32,
    int64,
    log,
    stated,
    strings,
    tags_of,
    translated,
)
from e2e.createrepo import found_by_us, indexed
from filemanager.archives.packages.rpm import read_rpm
from filemanager.archives.packages.tags import SignatureTag, Tag
from filemanager.domain.repositories.errors import PackageRefused
from filemanager.domain.repositories.names import is_debian_version
from filemanager.domain.repositories.versions import debian_order, rpm_order
from unit.archives.packages.refused import deb

pytestmark = [pytest.mark.e2e, pytest.mark.judges]

TAGS = tags_of()
EQ = 8


def rpm(more: dict[int, Cell], *, without: Iterable[int] = ()) -> bytes:
    cells = {**TAGS, **more}
    return an_rpm({tag: cell for tag, cell in cells.items() if tag not in without})


RPMS = {
    "plain": an_rpm(),
    "old": an_old_rpm({tag: cell for tag, cell in TAGS.items() if tag not in PROVIDES}),
    "each flag": rpm(stated(REQUIRES, *((f"b{bit}", 1 << bit, "") for bit in range(4, 32)))),
    "versions": rpm(
        stated(
            CONFLICTS,
            *product(
                "a", range(16), ("", "1", "1-2", "3:1-2", ":1", "1-", "1:2:3", "1-2-3", "x:1")
            ),
        )
    ),
    "requirements": rpm(
        {
            **stated(PROVIDES, ("tiny", EQ, "1.0-1"), ("p", EQ, "1"), ("q", 0, "")),
            **stated(
                REQUIRES,
                *product(("tiny", "p", "q", "r"), (0, EQ, EQ | 1 << 9), ("", "1", "1.0-1", "1")),
                ("rpmlib(X)", 10, "1"),
                ("/usr/bin/tiny", 0, ""),
                ("/usr/share/tiny", 0, ""),
                *((name, 0, "") for name in LIBC),
                ("last", 0, ""),
            ),
        }
    ),
    "weak": rpm(
        {
            **stated(REQUIRES, ("missing", 1 << 19, "")),
            **stated(RECOMMENDS, ("r", EQ, "1")),
            **stated(OLD_SUGGESTS, ("strong", STRONG, ""), ("weak", 0, "")),
            **stated(OLD_ENHANCES, ("strong", STRONG, ""), ("weak", 0, "")),
        }
    ),
    "changes": rpm(
        log(*((at, f"Ann {at}  ", f"- {at}") for at in (9, 8, 8, 8, 7, 6, 6, 5, 4, 3, 2, 1)))
    ),
    "names": rpm(
        files_of(
            ("/usr/bin/a&b<c>\"'", 0o100755, 0),
            ("/é/日本 x", 0o120777, 0),
            ("/a\nb", 0o100644, 1 << 6),
            ("/etc", 0o040755, 0),
            ("/etc/x", 0o040755, 1 << 6),
            ("/usr/lib/sendmail", 0o100755, 0),
        )
    ),
    "texts": rpm(
        {
            Tag.SUMMARY: translated("first", "second"),
            Tag.DESCRIPTION: translated('  <a> & "b"\n\tc\n '),
            Tag.PACKAGER: strings(b"J\xf6rg"),
        }
    ),
    "large": an_rpm(
        {**TAGS, Tag.LONG_SIZE: int64(1 << 33)}, {SignatureTag.LONG_ARCHIVE_SIZE: int64(1 << 34)}
    ),
    "little": rpm(
        {},
        without=(Tag.SIZE, Tag.SOURCE_RPM, Tag.URL, Tag.VENDOR, Tag.GROUP, Tag.BUILD_TIME),
    ),
    "epoch": rpm({Tag.EPOCH: int32(2**32 - 1)}),
}


@pytest.mark.parametrize("name", RPMS)
def test_createrepo_finds_the_same_in_an_rpm(name: str, tmp_path: Path) -> None:
    file_name = "tiny-1.0-1.x86_64.rpm"
    (tmp_path / file_name).write_bytes(RPMS[name])

    theirs = indexed(tmp_path)

    assert theirs == {file_name: found_by_us(read_rpm(file_name, Bytes(RPMS[name])))}


def test_createrepo_takes_no_source_for_anything_else(tmp_path: Path) -> None:
    file_name = "tiny-1.0-1.src.rpm"
    source = rpm({Tag.SOURCE_PACKAGE: int32(1)}, without=(Tag.SOURCE_RPM,))
    (tmp_path / file_name).write_bytes(source)

    theirs = indexed(tmp_path)

    assert theirs == {file_name: found_by_us(read_rpm(file_name, Bytes(source)))}


def test_createrepo_refuses_control_characters_as_we_do(tmp_path: Path) -> None:
    data = rpm({Tag.DESCRIPTION: translated("bell\x07")})
    (tmp_path / "tiny-1.0-1.x86_64.rpm").write_bytes(data)

    assert indexed(tmp_path) == {}
    with pytest.raises(PackageRefused):
        read_rpm("tiny-1.0-1.x86_64.rpm", Bytes(data))


@pytest.mark.parametrize("ending", ["", ".gz", ".xz", ".zst"])
def test_dpkg_finds_the_same_fields(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "tiny_1.0-1_amd64.deb"
    path.write_bytes(a_deb({"X-Odd": "a&b <é> 日本: x", "Depends": "a,\n b (>= 1),\n  c"}, ending))

    theirs = subprocess.run(["dpkg-deb", "-f", path], capture_output=True, check=True).stdout

    assert theirs == a_paragraph(dict(deb(path.read_bytes()).control))


TAR = a_tar(("./control", a_paragraph(CONTROL)))
NO_DEBS = {
    "text": b"junk\n" * 100,
    "another version": an_ar(("debian-binary", b"3.0\n"), ("control.tar", TAR), DATA),
    "no version": an_ar(("control.tar", TAR), DATA),
    "a bzip2 control archive": an_ar(VERSION, ("control.tar.bz2", b"BZh9"), DATA),
    "a lzma control archive": an_ar(VERSION, ("control.tar.lzma", b""), DATA),
    "data first": an_ar(VERSION, DATA, ("control.tar", TAR)),
    "something else first": an_ar(VERSION, ("x", b""), ("control.tar", TAR), DATA),
    "something else between": an_ar(VERSION, ("control.tar", TAR), ("x", b""), DATA),
    "control twice": an_ar(VERSION, ("control.tar", TAR), ("control.tar", TAR), DATA),
}


@pytest.mark.parametrize("name", NO_DEBS)
def test_dpkg_refuses_what_is_no_package(name: str, tmp_path: Path) -> None:
    path = tmp_path / "tiny_1.0-1_amd64.deb"
    path.write_bytes(NO_DEBS[name])

    # Both halves: dpkg stops reading where it found what it was asked for.
    done = [
        subprocess.run(["dpkg-deb", option, str(path)], capture_output=True, check=False)
        for option in ("-f", "-c")
    ]

    assert any(each.returncode for each in done)
    with pytest.raises(PackageRefused):
        deb(path.read_bytes())


def test_dpkg_takes_members_for_others_wherever_we_do(tmp_path: Path) -> None:
    extra = ("_gpgorigin", b"odd")
    control = control_archive(a_paragraph(CONTROL))
    path = tmp_path / "tiny_1.0-1_amd64.deb"
    path.write_bytes(an_ar(VERSION, extra, control, extra, DATA, extra))

    for option in ("-f", "-c"):
        subprocess.run(["dpkg-deb", option, path], capture_output=True, check=True)

    assert deb(path.read_bytes()).name == "tiny"


def versions(characters: str, count: int) -> list[str]:
    """The same in each run; each begins with a digit."""
    chosen = random.Random(1)
    return ["".join(chosen.choices(characters, k=chosen.randint(0, 6))) for _ in range(count)]


def order(key: Callable[[str], tuple[object, ...]], one: str, other: str) -> int:
    return (key(one) > key(other)) - (key(one) < key(other))


def test_dpkg_sorts_versions_as_we_do() -> None:
    found = [f"{at % 3}{text}" for at, text in enumerate(versions("0019ab~~+.-", 400))]
    pairs = [
        (one, other)
        for one, other in zip(found[::2], found[1::2], strict=True)
        if is_debian_version(one) and is_debian_version(other)
    ]
    script = "while read a b; do dpkg --compare-versions $a lt $b && echo -1 && continue;"
    script += " dpkg --compare-versions $a gt $b; echo $((1 - $?)); done"

    theirs = answers(["sh", "-c", script], pairs)

    assert len(pairs) > 100
    assert theirs == [order(debian_order, one, other) for one, other in pairs]


def test_rpm_sorts_versions_as_we_do(tmp_path: Path) -> None:
    found = [version or "0" for version in versions("0019ab~^..+", 4000)]
    pairs = list(zip(found[::2], found[1::2], strict=True))
    (tmp_path / "pairs").write_text("".join(f"{one} {other}\n" for one, other in pairs))
    script = f"for line in io.lines('{tmp_path}/pairs') do local a, b = line:match('(.*) (.*)')"
    script += " print(rpm.vercmp(a, b) .. ' ') end"

    theirs = answers(["rpm", "--eval", f"%{{lua: {script}}}"], ())

    def key(version: str) -> tuple[object, ...]:
        return rpm_order("", version, "")

    assert theirs == [order(key, one, other) for one, other in pairs]


def test_dpkg_takes_the_versions_that_we_take() -> None:
    found = versions("01a~+.-:_é&", 300)
    script = "while read v; do dpkg --validate-version -- $v 2>/dev/null; echo $((1 - !!$?)); done"

    theirs = answers(["sh", "-c", script], [(version or "x",) for version in found])

    assert theirs == [is_debian_version(version or "x") for version in found]


def answers(command: list[str], lines: Iterable[tuple[str, ...]]) -> list[int]:
    """One number a line."""
    text = "".join(" ".join(words) + "\n" for words in lines)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return [int(answer) for answer in done.stdout.split()]
