"""The most memory that a worker needs for one request, over what it needs idle."""

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.papers import LargeFile, Tarball, picture, tex, tex_files
from benchmarks.report import Row, at_most, progress, row, size
from benchmarks.service import Service, serving

_LARGE_BYTES = 500 << 20
_PICTURES = 100
_PICTURE_BYTES = 1 << 20
_MANY = 20_000
_TINY_BYTES = 400
_GOAL_BYTES = 64 << 20
_WARMING_REQUESTS = 40
_RESET_PEAK = "5"
"""What resets the peak (``VmHWM``) of a process: see proc(5), clear_refs."""

Work = Callable[[Service], object]


def rows(bench: Bench) -> Iterator[Row]:
    place, data_dir = bench.place("sent"), bench.place("service")
    large = LargeFile(place / "large.bin", _LARGE_BYTES).path
    pictures = {f"figure{n:03}.png": picture(n, _PICTURE_BYTES) for n in range(_PICTURES)}
    hundred = _written(place / "pictures.tar.gz", pictures)
    many = _written(place / "many.tar.gz", tex_files(_MANY, _TINY_BYTES, "many/"))
    works: dict[str, Work] = {
        "500 MB raw PUT": lambda service: _put(service, large),
        "500 MB multipart": lambda service: _post(service, large),
        "100 MB tar.gz of 100 files": lambda service: _put(service, hundred),
        "tar.gz of 20,000 files": lambda service: _put(service, many),
    }
    for name, work in works.items():
        yield _peak(data_dir, name, work)
    with serving(data_dir) as service:
        workspace = _put(service, many)
    content, summary = f"/v2/workspaces/{workspace}/content.tar.gz", f"/{workspace}"
    yield _peak(data_dir, "content of 20,000 files", lambda one: one.ask("GET", content))
    yield _peak(data_dir, "summary of 20,000 files", lambda one: one.ask("GET", summary))


def _written(path: Path, files: dict[str, bytes]) -> Path:
    path.write_bytes(Tarball(files).made())
    return path


def _put(service: Service, sent: Path) -> int:
    """The workspace that is made for it."""
    workspace = service.new_workspace()
    with service.connected() as connection:
        connection.ask(service.put(f"/workspaces/{workspace}/files/{sent.name}", sent))
    return workspace


def _post(service: Service, sent: Path) -> None:
    workspace = service.new_workspace()
    with service.connected() as connection:
        connection.ask(service.form(f"/{workspace}", sent.name, sent))


def _peak(data_dir: Path, what: str, work: Work) -> Row:
    """One measurement in new processes: memory that was once had is kept."""
    progress(f"memory of {what}")
    with serving(data_dir) as service:
        _warm(service)
        over, idle = over_idle(service, lambda: work(service))
    return row(
        f"peak memory: {what}",
        size(over),
        f"{size(idle)} idle",
        None,
        at_most(over, _GOAL_BYTES, "64 MiB over idle"),
    )


def over_idle(service: Service, work: Callable[[], object]) -> tuple[int, int]:
    """The most bytes that a worker needed for *work* over what it needs idle, and those.

    What was once had is kept: the service has to be a new one, warm.
    """
    workers = service.workers()
    idle = {pid: _status(pid, "VmRSS") for pid in workers}
    for pid in workers:
        Path(f"/proc/{pid}/clear_refs").write_text(_RESET_PEAK)
    work()
    return max(_status(pid, "VmHWM") - idle[pid] for pid in workers), max(idle.values())


def _warm(service: Service) -> None:
    """Let every worker import and connect; that is no memory of the request that is measured."""
    workspace = service.new_workspace()
    for number in range(_WARMING_REQUESTS):
        with service.connected() as connection:
            path = f"/workspaces/{workspace}/files/{number}.tex"
            connection.ask(service.put(path, tex(number, _TINY_BYTES)))
        service.ask("GET", f"/v2/workspaces/{workspace}/content.tar.gz")
        service.ask("GET", f"/{workspace}")


def _status(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) << 10
    raise LookupError(name)
