"""The image, built from the checkout and started as somebody who runs it would start it."""

import json
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest
import requests

from filemanager.api.about.version import VERSION
from image.building import Image, built_image
from image.running import Container, exit_code, serving

SECRET = "a secret of at least thirty-two bytes"
PAPER = b"\\documentclass{article}\\begin{document}Hello.\\end{document}\n"

# One worker builds it for all.
pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("image")]


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    with built_image() as image:
        yield image


@pytest.fixture(scope="module")
def service(image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """A running container that the tests share."""
    container = _container(image, tmp_path_factory.mktemp("service"), JWT_SECRET=SECRET)
    with serving(container):
        yield container


# A large file is written down on its way in, and only the volume can be written to.
@pytest.mark.parametrize("content", [PAPER, PAPER * 50_000], ids=["small", "large"])
def test_a_file_comes_back_as_it_was_sent(service: Container, content: bytes) -> None:
    token = _token(service)

    upload = _upload(service, token, content)

    assert upload.status_code == 201, upload.text
    assert _download(service, token, upload) == content


def test_no_process_is_root(service: Container) -> None:
    users = service.run("sh", "-c", "cat /proc/[0-9]*/status | grep Uid: | sort -u")

    # Real, effective, saved, and that of file access.
    assert users.split() == ["Uid:", *["10001"] * 4]


def test_the_health_check_succeeds_while_it_serves(service: Container) -> None:
    form, *command = service.image.config["Healthcheck"]["Test"]

    service.run(*command)

    assert form == "CMD"


def test_the_stop_signal_ends_it_with_success(image: Image, tmp_path: Path) -> None:
    container = _container(image, tmp_path, JWT_SECRET=SECRET)

    with serving(container) as process:
        container.send(image.config["StopSignal"])
        code = exit_code(process)

    assert code == 0, container.output


def test_a_new_container_finds_the_files_of_the_last(image: Image, tmp_path: Path) -> None:
    first = _container(image, tmp_path, JWT_SECRET=SECRET)
    with serving(first):
        token = _token(first)
        upload = _upload(first, token, PAPER)
    second = _container(image, tmp_path, JWT_SECRET=SECRET)

    with serving(second):
        content = _download(second, token, upload)

    assert content == PAPER


def test_without_a_secret_it_says_what_to_set_and_ends(image: Image, tmp_path: Path) -> None:
    container = _container(image, tmp_path)

    code = exit_code(container.start())

    assert code == 2
    assert "set JWT_SECRET" in container.output


def test_nothing_is_in_it_but_what_serves(image: Image) -> None:
    programs = {path.name for path in (image.root / "opt" / "venv" / "bin").iterdir()}

    found = {path.name for path in (image.root / "app").iterdir()}

    scripts = {"app.py", "generate_token.py", "populate_test_database.py"}
    assert found == {
        "LICENSE", "__pycache__", "config.default", "filemanager", "migrations", "sbom.cdx.json",
        *scripts,
    }  # fmt: skip
    assert not programs & {"pip", "pipenv", "pytest", "ruff", "mypy"}


def test_no_secret_is_in_its_configuration(image: Image) -> None:
    names = {variable.partition("=")[0] for variable in image.config["Env"]}

    assert names == {
        "FILEMANAGER_DATA_DIR", "FILEMANAGER_HOST", "PATH", "PYTHONDONTWRITEBYTECODE",
        "PYTHONUNBUFFERED",
    }  # fmt: skip


def _container(image: Image, directory: Path, **environment: str) -> Container:
    (directory / "data").mkdir(exist_ok=True)
    return Container(image, directory, directory / "data", environment)


def _token(service: Container) -> str:
    return service.run("python", "-m", "filemanager", "token").strip()


def _upload(service: Container, token: str, content: bytes) -> requests.Response:
    files = {"file": ("main.tex", content)}
    headers = {"Authorization": token}
    return requests.post(
        f"{service.url}/filemanager/api/", files=files, headers=headers, timeout=60
    )


def _download(service: Container, token: str, upload: requests.Response) -> bytes:
    path = f"/filemanager/api/{upload.json()['upload_id']}/main.tex/content"
    answer = requests.get(f"{service.url}{path}", headers={"Authorization": token}, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.content


def test_its_labels_tell_the_version_and_the_revision(image: Image) -> None:
    labels = image.config["Labels"]

    assert labels["org.opencontainers.image.version"] == VERSION
    assert labels["org.opencontainers.image.revision"] == "abc123"


def test_its_bill_of_materials_names_every_package_in_it(image: Image) -> None:
    bill = json.loads((image.root / "app" / "sbom.cdx.json").read_text())

    listed = {(one["name"].lower(), one["version"]) for one in bill["components"]}
    places = (image.root / "opt" / "venv" / "lib").glob("python3*/site-packages")
    found = {
        (one.metadata["Name"].lower(), one.version)
        for place in places
        for one in distributions(path=[str(place)])
    }
    assert bill["bomFormat"] == "CycloneDX"
    assert len(found) > 20
    assert listed == found
