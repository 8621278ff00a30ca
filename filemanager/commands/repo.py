"""The commands for repositories from afar: ``filemanager repo …``."""

from pathlib import Path

import click

from filemanager.commands import remote
from filemanager.commands.ending import stop
from filemanager.commands.remote import AS_JSON, THREADS, TOKEN_FILE, told
from filemanager.commands.report import Report
from filemanager.commands.showing import show_line

_PATH = click.argument("path")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_WAIT = click.option("--wait", is_flag=True, help="Until readers see it.")
_EDITION = click.option(
    "--edition", metavar="EDITION", help="A publication's number, or a snapshot's name."
)


@click.group()
def repo() -> None:
    """Fill and look after apt and yum repositories of the service at FILEMANAGER_URL.

    A repository is named by its path: kind/series/dist/version.
    """


@repo.command()
@_PATH
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--product", help="What files of a repository for apt lie under.")
@_WAIT
@THREADS
@TOKEN_FILE
@AS_JSON
@told
def push(  # noqa: PLR0913  # one for each option of the command
    *,
    path: str,
    files: tuple[Path, ...],
    product: str | None,
    wait: bool,
    threads: int,
    token_file: Path | None,
    as_json: bool,
) -> None:
    """Add the packages FILES to the repository PATH, all or none.

    A source goes with its files. Packages that are there with the same bytes stay.
    """
    with remote.client(token_file, threads) as client, Report(as_json).bars() as report:
        pushed = client.push_packages(files, path, product=product, watcher=report)
        if wait:
            client.repositories.wait(path)
    report.numbers(pushed)


@repo.command()
@click.argument("path", required=False)
@click.option("--name", "part", help="Packages with this in their names.")
@TOKEN_FILE
@AS_JSON
@told
def ls(*, path: str | None, part: str | None, token_file: Path | None, as_json: bool) -> None:
    """List the packages of PATH by number, name, version and architecture; without it, paths."""
    with remote.client(token_file) as client:
        if path is None:
            for one in client.repositories.list():
                show_line(one, f"{one.visibility:7}  {one.base}  {one.path}", as_json=as_json)
            return
        for package in client.repositories.packages(path, part):
            line = f"{package.id:>9}  {package.name} {package.version} {package.arch}"
            show_line(package, line, as_json=as_json)


@repo.command()
@_PATH
@click.argument("packages", nargs=-1, required=True, type=int)
@TOKEN_FILE
@told
def rm(*, path: str, packages: tuple[int, ...], token_file: Path | None) -> None:
    """Remove PACKAGES of PATH by their numbers; earlier publications keep them."""
    with remote.client(token_file) as client:
        for package in packages:
            client.repositories.remove(path, package)


@repo.command()
@click.argument("source")
@click.argument("target")
@click.argument("packages", nargs=-1, type=int)
@_EDITION
@_WAIT
@TOKEN_FILE
@told
def promote(  # noqa: PLR0913  # one for each option of the command
    *,
    source: str,
    target: str,
    packages: tuple[int, ...],
    edition: str | None,
    wait: bool,
    token_file: Path | None,
) -> None:
    """Take PACKAGES, by their numbers, over from SOURCE into TARGET; or all of an edition."""
    if bool(packages) is (edition is not None):
        stop("Say what is promoted: numbers of packages, or --edition EDITION.")
    with remote.client(token_file) as client:
        client.repositories.promote(source, target, packages=packages, edition=edition)
        if wait:
            client.repositories.wait(target)


@repo.command()
@_PATH
@click.argument("name", required=False)
@_EDITION
@TOKEN_FILE
@AS_JSON
@told
def snapshot(
    *, path: str, name: str | None, edition: str | None, token_file: Path | None, as_json: bool
) -> None:
    """Call a publication of PATH by NAME, the newest unless told; without NAME, list snapshots."""
    with remote.client(token_file) as client:
        if name is None:
            for one in client.repositories.snapshots(path):
                show_line(one, f"{one.revision:>9}  {one.name}", as_json=as_json)
            return
        made = client.repositories.snapshot(path, name, edition)
    show_line(made, f"{made.revision:>9}  {made.name}", as_json=as_json)


@repo.command()
@_PATH
@TOKEN_FILE
@told
def publish(*, path: str, token_file: Path | None) -> None:
    """Publish PATH once more, and wait until readers see it."""
    with remote.client(token_file) as client:
        client.repositories.publish(path)
        client.repositories.wait(path)


@repo.command()
@_PATH
@TOKEN_FILE
@told
def keys(*, path: str, token_file: Path | None) -> None:
    """Print the public keys that PATH is signed with."""
    with remote.client(token_file) as client:
        click.echo(client.repositories.keys(path), nl=False)


@repo.command()
@_PATH
@TOKEN_FILE
@told
def sync(*, path: str, token_file: Path | None) -> None:
    """Have packages taken in that were put into the bucket of PATH by hand; nothing is awaited."""
    with remote.client(token_file) as client:
        client.repositories.publish(path)
