"""What else keeps repositories: programs that publish a directory, or a database of their own."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.packages import APT, YUM, Family
from benchmarks.report import ROUNDS, medians

_DISTRIBUTIONS = "Codename: bookworm\nComponents: main\nArchitectures: amd64\n"
_AT_ONCE = 1000
"""As many names as one command line takes for sure."""

Take = Callable[[Sequence[Path]], None]
"""Takes files in, and publishes all that is there."""


@dataclass(frozen=True, slots=True)
class Peer:
    """``set_up`` prepares an empty directory."""

    name: str
    family: Family
    set_up: Callable[[Path], Take]

    def one_more(self, directory: Path, packages: int) -> float:
        """The median of the seconds that one package takes into a repository of so many."""
        take = self.set_up(directory)
        files = list(self._files(directory, packages + ROUNDS + 1))
        for start in range(0, packages, _AT_ONCE):
            take(files[start : min(start + _AT_ONCE, packages)])
        more = iter(files[packages:])

        def taken() -> float:
            began = time.perf_counter()
            take([next(more)])
            return time.perf_counter() - began

        (found,) = medians(taken)
        return found

    def _files(self, directory: Path, count: int) -> Iterator[Path]:
        place = directory / "packages"
        place.mkdir()
        for number in range(count):
            path = place / self.family.file(number)
            path.write_bytes(self.family.build(number))
            yield path


def _run(*command: object) -> None:
    subprocess.run([*map(str, command)], check=True, capture_output=True)


def _reprepro(directory: Path) -> Take:
    (directory / "conf").mkdir()
    (directory / "conf/distributions").write_text(_DISTRIBUTIONS)
    into = ("reprepro", "--silent", "--basedir", directory, "includedeb", "bookworm")
    return lambda files: _run(*into, *files)


def _aptly(directory: Path) -> Take:
    configuration = directory / "aptly.json"
    configuration.write_text(json.dumps({"rootDir": str(directory / "root")}))
    aptly = ("aptly", f"-config={configuration}")
    unsigned = ("-skip-signing", "-skip-contents")
    publish = (*unsigned, "-distribution=bookworm", "-architectures=amd64", "bench")
    _run(*aptly, "repo", "create", "bench")
    _run(*aptly, "publish", "repo", *publish)

    def take(files: Sequence[Path]) -> None:
        _run(*aptly, "repo", "add", "bench", *files)
        _run(*aptly, "publish", "update", *unsigned, "bookworm")

    return take


def _createrepo(directory: Path) -> Take:
    published = directory / "published"
    published.mkdir()

    def take(files: Sequence[Path]) -> None:
        for file in files:
            file.rename(published / file.name)
        _run("createrepo_c", "--quiet", "--update", published)

    return take


PEERS: Mapping[str, Sequence[Peer]] = {
    APT.word: (Peer("reprepro", APT, _reprepro), Peer("aptly", APT, _aptly)),
    YUM.word: (Peer("createrepo_c", YUM, _createrepo),),
}
"""By the word of the family; the first is the one that we are to be as fast as."""
