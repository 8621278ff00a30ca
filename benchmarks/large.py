"""Few large requests: archives and single files of hundreds of megabytes, a thousand texts."""

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.costs import cost
from benchmarks.driver import Address, Connection, Request
from benchmarks.papers import LargeFile, Tarball, picture, tex_files
from benchmarks.peers import bare, command_seconds, form_post, raw_put
from benchmarks.report import Row, at_most, costing, medians, progress, row, seconds
from benchmarks.service import Service

_PICTURES = 100
_PICTURE_BYTES = 1 << 20
_LARGE_BYTES = 300 << 20
_TEXTS = 1000
_TEXT_BYTES = 5000

_OPENSSL = 'openssl dgst -sha256 "$sent"'
_DD = 'dd if="$sent" of="$out/$RANDOM$RANDOM" bs=1M conv=fsync'
_PIPELINE = 'gzip -dc "$sent" | tee "$out/unpacked" | sha256sum && sync "$out/unpacked"'
_UNTAR = 'cd "$out" && tar xzf "$sent" && sha256sum * && sync *'

Paths = Callable[[], dict[str, Path]]


def rows(bench: Bench) -> Iterator[Row]:
    with bench.serving() as service, bare(bench.place("bare")) as peer:
        yield _pictures(bench, service)
        yield _texts(bench, service)
        file = LargeFile(bench.place("sent") / "large.bin", _LARGE_BYTES)
        yield from _raw(bench, service, peer, file)
        yield _form(service, peer, file)


def seconds_of(address: Address, sent: Request) -> float:
    with Connection(address) as connection:
        return connection.ask(sent).seconds


def _pictures(bench: Bench, service: Service) -> Row:
    progress("100 MB tar.gz of 100 pictures")
    pictures = {f"figure{n:03}.png": picture(n, _PICTURE_BYTES) for n in range(_PICTURES)}
    own, pipeline = _archive(bench, service, Tarball(pictures), _PIPELINE)
    return row(
        "100 MB tar.gz of 100 incompressible files -> workspace",
        seconds(own),
        f"{seconds(pipeline)} gzip | sha256sum + write + sync",
        own / pipeline,
        at_most(own / pipeline, 0.8, "0.8 times the pipeline"),
    )


def _texts(bench: Bench, service: Service) -> Row:
    progress("1,000 TeX files")
    own, commands = _archive(bench, service, Tarball(tex_files(_TEXTS, _TEXT_BYTES)), _UNTAR)
    return row(
        "1,000 TeX files of 5 kB in one tar.gz -> workspace",
        seconds(own),
        f"{seconds(commands)} tar xzf + sha256sum + fsync each",
        own / commands,
        at_most(own / commands, 1, "1 times the commands"),
    )


def _archive(bench: Bench, service: Service, tarball: Tarball, command: str) -> list[float]:
    """Seconds of an upload as a form, and of *command* on such a file in a new directory."""
    sent = bench.place("sent") / "sent.tar.gz"

    def ours() -> float:
        sent.write_bytes(tarball.made())
        return seconds_of(service.address, service.form("/", "sent.tar.gz", sent))

    return medians(ours, lambda: command_seconds(command, sent=sent, out=bench.place("commands")))


def _raw(bench: Bench, service: Service, peer: Address, file: LargeFile) -> Iterator[Row]:
    progress("300 MB raw PUT")
    out = bench.place("commands")

    def ours() -> float:
        path = f"/workspaces/{service.new_workspace()}/files/large.bin"
        return seconds_of(service.address, service.put(path, file.renew()))

    own, handler, digest, written = medians(
        ours,
        lambda: seconds_of(peer, raw_put(file.path)),
        lambda: command_seconds(_OPENSSL, sent=file.path),
        lambda: command_seconds(_DD, sent=file.path, out=out),
    )
    limit = digest + written
    yield row(
        "300 MB raw PUT, one file",
        seconds(own),
        f"{seconds(limit)} openssl sha256 {seconds(digest)} + dd fsync {seconds(written)}",
        own / limit,
        at_most(own / limit, 1.1, "1.1 times their sum"),
    )
    goal = at_most(own / handler, 1.5, "1.5 times the handler")
    same = row("the same", seconds(own), f"{seconds(handler)} bare handler", own / handler, goal)
    yield costing(same, cost(service, lambda: int(ours() > 0)))


def _form(service: Service, peer: Address, file: LargeFile) -> Row:
    progress("300 MB multipart")

    def ours() -> float:
        path = f"/{service.new_workspace()}"
        return seconds_of(service.address, service.form(path, "large.bin", file.renew()))

    own, handler = medians(ours, lambda: seconds_of(peer, form_post(file.path)))
    return row(
        "300 MB multipart, one file",
        seconds(own),
        f"{seconds(handler)} bare handler, parts of 1 MiB",
        own / handler,
        at_most(own / handler, 1.5, "1.5 times the handler"),
    )
