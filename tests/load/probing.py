"""Small requests of other people, each on a connection of its own, and how long they take."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from builders.papers import a_token
from load.herds import Pasture
from servers.service import API, V2

OTHER = a_token("2")
"""Of somebody else than whose clients are slow."""


@dataclass(frozen=True, slots=True)
class Probe:
    method: str
    path: str
    body: bytes | None = None


@dataclass(slots=True)
class Worst:
    """Seconds, by what was asked for."""

    seconds: dict[str, float] = field(default_factory=dict)
    statuses: set[int] = field(default_factory=set)

    @property
    def most(self) -> float:
        return max(self.seconds.values())

    def __str__(self) -> str:
        return "  ".join(f"{name} {1000 * worst:.0f} ms" for name, worst in self.seconds.items())


def probes(workspace: int) -> Mapping[str, Probe]:
    files = f"{API}{V2}/{workspace}"
    return {
        "livez": Probe("GET", "/livez"),
        "summary": Probe("GET", files),
        "file": Probe("GET", f"{files}/files/small.tex"),
        "put": Probe("PUT", f"{files}/files/put.tex", b"text"),
    }


def probe_for(seconds: float, pasture: Pasture, workspace: int) -> Worst:
    """Ask in turn for so long; the first questions come while the herd is just there."""
    worst = Worst()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        for name, probe in probes(workspace).items():
            started = time.monotonic()
            worst.statuses.add(_ask(pasture, probe))
            took = time.monotonic() - started
            worst.seconds[name] = max(worst.seconds.get(name, 0.0), took)
    return worst


def _ask(pasture: Pasture, probe: Probe) -> int:
    asking = http.client.HTTPConnection(*pasture.address, timeout=60)
    headers = {} if probe.path == "/livez" else {"Authorization": OTHER}
    asking.request(probe.method, probe.path, probe.body, headers)
    answer = asking.getresponse()
    answer.read()
    asking.close()
    return answer.status
