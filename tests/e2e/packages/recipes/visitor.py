"""Somebody with a shell of their own, who fetches a package by a tool."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

_HERE = "localhost,127.0.0.1"
_OF_THE_CLIENTS = Path(__file__).parents[2] / "clients" / ".venv" / "bin"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a package is asked for. ``base`` ends in a slash; ``password`` is what a protected
    share wants besides.
    """

    base: str
    password: str | None = field(default=None, repr=False)

    @property
    def header(self) -> str:
        """The password as X-Share-Password wants it, and as it stands in an address."""
        return quote(self.password or "", safe="")

    @property
    def origin(self) -> str:
        place = urlsplit(self.base)
        return f"{place.scheme}://{place.netloc}/"


class CommandFailed(AssertionError):
    """Or succeeded, where it was not to. What it printed is the last of its arguments."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """*place* is all that they have, *outside* the proxy by which they would reach other hosts."""

    place: Path
    outside: str

    @property
    def home(self) -> Path:
        return self.place / "home"

    def run(self, *command: str | Path, below: str = ".", is_refused: bool = False) -> str:
        """Run it in the directory *below* their place; what was printed.

        Raises ``CommandFailed`` unless it succeeds, or where it *is_refused*, fails.
        """
        directory = self.place / below
        directory.mkdir(parents=True, exist_ok=True)
        self.home.mkdir(exist_ok=True)
        done = subprocess.run(
            command,
            cwd=directory,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if bool(done.returncode) is not is_refused:
            raise CommandFailed(command, done.returncode, done.stdout)
        return done.stdout

    def knows(self, address: Address) -> None:
        """Keep the password where wget, curl and aria2 look for one, as ``.netrc``."""
        self.home.mkdir(parents=True, exist_ok=True)
        host = urlsplit(address.base).hostname
        kept = self.home / ".netrc"
        kept.write_text(f"machine {host} login visitor password {address.password}\n")
        # aria2 reads none that others may read too.
        kept.chmod(0o600)

    def _environment(self) -> dict[str, str]:
        proxies = ("http_proxy", "https_proxy")
        return {
            "PATH": f"{_OF_THE_CLIENTS}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "DVC_NO_ANALYTICS": "1",
            "no_proxy": _HERE,
            **dict.fromkeys(proxies, self.outside),
        }
