"""Repositories: looked at, filled and looked after by a call."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from filemanager.client.asking import pages, post_once
from filemanager.client.connection import Ask, Connection
from filemanager.client.values import (
    Package,
    Repository,
    Snapshot,
    package_from,
    repository_from,
    snapshot_from,
)

_DOOR = "/repositories"
_API = f"{_DOOR}/api"
_LOOK_SECONDS = 0.5


class Repositories:
    """A repository is named by its path, ``kind/series/dist/version``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Iterator[Repository]:
        """Those that the token may read, by path."""
        for page in pages(self._connection, _API):
            yield from map(repository_from, page["repositories"])

    def get(self, path: str) -> Repository:
        return repository_from(self._connection.told(Ask(method="GET", path=_of(path))))

    def packages(self, path: str, part: str | None = None) -> Iterator[Package]:
        """Those with *part* in their names, in the order in which they came."""
        query = {} if part is None else {"q": part}
        for page in pages(self._connection, f"{_of(path)}/packages", **query):
            yield from map(package_from, page["packages"])

    def remove(self, path: str, package: int) -> None:
        self._connection.ask(Ask(method="DELETE", path=f"{_of(path)}/packages/{package}"))

    def promote(
        self,
        source: str,
        target: str,
        *,
        packages: Sequence[int] = (),
        edition: str | None = None,
    ) -> Repository:
        """Take packages over from *source* into *target*, or all of a publication or snapshot."""
        wish: Mapping[str, object] = {"packages": list(packages)} if packages else {}
        wish = {"from": source, **wish, **({"edition": edition} if edition else {})}
        return repository_from(post_once(self._connection, f"{_of(target)}/packages:promote", wish))

    def snapshots(self, path: str) -> Iterator[Snapshot]:
        """Oldest first."""
        told = self._connection.told(Ask(method="GET", path=f"{_of(path)}/snapshots"))
        return map(snapshot_from, told["snapshots"])

    def snapshot(self, path: str, name: str, edition: str | None = None) -> Snapshot:
        """Name a publication, the newest unless told."""
        wish = {"name": name, **({"edition": edition} if edition else {})}
        return snapshot_from(post_once(self._connection, f"{_of(path)}/snapshots", wish))

    def publish(self, path: str) -> None:
        """Have it published once more, with what lies in the bucket that its readers read."""
        self._connection.ask(Ask(method="POST", path=f"{_DOOR}/{quote(path)}"))

    def wait(self, path: str) -> Repository:
        """Wait until readers see all that was taken by now."""
        taken = self.get(path)
        found = taken
        while found.published_through < taken.pushes:
            self._connection.patience.pause(_LOOK_SECONDS)
            found = self.get(path)
        return found

    def keys(self, path: str) -> str:
        """The public keys that it is signed with, armored."""
        return self._connection.ask(Ask(method="GET", path=f"{_DOOR}/{quote(path)}/KEY.asc")).text


def _of(path: str) -> str:
    return f"{_API}/{quote(path)}"
