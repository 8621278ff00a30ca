"""Spans of requests reach a collector, and tell nothing that was sent."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from servers.service import V2, service, wait_until

pytestmark = pytest.mark.e2e

PARENT = "0af7651916cd43dd8448eb211c80319c"


@dataclass
class Collector:
    url: str = ""
    bodies: list[bytes] = field(default_factory=list)

    @property
    def spans(self) -> list[tuple[str, int, str]]:
        """Name, status and trace of each."""
        sent = map(ExportTraceServiceRequest.FromString, self.bodies)
        return [
            (span.name, attributes_of(span)["http.response.status_code"], span.trace_id.hex())
            for request in sent
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


def attributes_of(span: object) -> dict[str, int]:
    return {one.key: one.value.int_value for one in span.attributes}  # type: ignore[attr-defined]


@pytest.fixture
def collector() -> Iterator[Collector]:
    found = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            found.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """The test reads what came."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        found.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield found
        server.shutdown()
        thread.join()


def test_each_request_is_a_span_of_its_callers_trace(tmp_path: Path, collector: Collector) -> None:
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "50",
        "FILEMANAGER_WORKERS": "1",
    }
    with service(tmp_path / "data", **settings) as running:
        workspace = running.new_workspace()
        headers = {"traceparent": f"00-{PARENT}-b7ad6b7169203331-01"}
        path = f"{V2}/{workspace}/files/hidden-name.tex?inline=true"
        assert running.get(path, headers=headers).status_code == 404
        wait_until(lambda: len(collector.spans) == 2, "both spans came")

    route = "/filemanager/api/v2/workspaces/<id:workspace_id>/files/<public_path:path>"
    assert collector.spans[0][:2] == ("POST /filemanager/api/v2/workspaces", 201)
    assert collector.spans[1] == (f"GET {route}", 404, PARENT)
    told = b"".join(collector.bodies)
    for secret in ("hidden-name", "inline", running.token, "arxiv:1"):
        assert secret.encode() not in told


def test_without_an_endpoint_nothing_of_it_is_imported(tmp_path: Path) -> None:
    program = (
        "import sys; from filemanager.factory import application;"
        "from filemanager.settings.service import Settings;"
        "application.create_app(Settings(jobs=False));"
        "print([one for one in sys.modules if one.startswith('opentelemetry')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True,
        env={"PYTHONPATH": ":".join(filter(None, sys.path)), "FILEMANAGER_DATA_DIR": str(tmp_path)},
    )  # fmt: skip

    assert done.stdout == "[]\n"
