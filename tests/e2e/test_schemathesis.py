"""What the description promises, tried by Schemathesis: its requests, and ones just beside them."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from pydantic import SecretStr
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from builders.papers import PAPER, SECRET, a_token
from filemanager.db.engine.migrate import upgrade
from filemanager.factory import application as factory
from filemanager.settings.service import Settings
from people.curators import API, Curator
from people.person import Person

pytestmark = pytest.mark.e2e

EXAMPLES = 15
CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BOUNDED = settings(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)

# Raw bytes, and JSON, by other names, of which Schemathesis does not know.
for _bytes in ("application/offset+octet-stream", "application/x-git-upload-pack-request"):
    schemathesis.serializer.alias(_bytes, "application/octet-stream")
schemathesis.serializer.alias("application/vnd.git-lfs+json", "application/json")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    place = Settings(
        data_dir=tmp_path_factory.mktemp("data"), jwt_secret=SecretStr(SECRET), jobs=False
    )
    upgrade(place.database)
    return factory.create_app(place)


def described(app: Flask) -> Iterator[Any]:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    for found in schema.get_all_operations():
        yield found.ok()  # type: ignore[union-attr]  # an invalid one stops the test


def prepared(app: Flask) -> int:
    """The id of a workspace with a file, a removed one and a checkpoint."""
    bob = Person(app.test_client(), a_token("2", "upload:admin", username="bob"))
    workspace = bob.post("/v2/workspaces").get_json()["id"]
    bob.put(f"/v2/workspaces/{workspace}/files/main.tex", PAPER)
    bob.put(f"/v2/workspaces/{workspace}/files/.junk", b"junk\n")
    bob.post(f"/v2/workspaces/{workspace}/checkpoints")
    return int(workspace)


def a_package(app: Flask) -> str:
    """The id of a package with a text and a version."""
    curator = Curator(app.test_client(), a_token("2", "upload:admin", username="bob"))
    package = curator.create()
    curator.text(package, "a/b.txt")
    curator.post(f"/{package}:freeze")
    return package


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_as_described(app: Flask, mode: GenerationMode) -> None:
    wrong = {}
    for operation in described(app):
        try:
            _try(app, operation, mode)
        except Unsatisfiable:
            continue  # nothing can be wrong in a request without parameters
        except FailureGroup as failures:
            wrong[operation.label] = str(failures)

    assert wrong == {}, "\n\n".join(f"{name}: {text}" for name, text in wrong.items())


def _try(app: Flask, operation: Any, mode: GenerationMode) -> None:
    """Each operation with a workspace of its own: the one before may have deleted its."""
    workspace, package = prepared(app), a_package(app)
    headers = {"Authorization": a_token("2", "upload:admin", username="bob")}

    @seed(7)
    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def sent(case: Any) -> None:
        if isinstance(case.path_parameters.get("workspace_id"), int):
            case.path_parameters["workspace_id"] = workspace
        if operation.path.startswith(f"{API}/{{package_id}}"):
            case.path_parameters["package_id"] = package
        if "repository" in case.path_parameters:
            # Four segments: fewer are another address, which browsers are shown a page for.
            case.path_parameters["repository"] = "live/2.8/ubuntu/focal"
        case.call_and_validate(headers=headers, checks=CHECKED)

    sent()
