"""What the Dockerfile shares with other files is the same there."""

import re
import subprocess

from filemanager.api.about.version import VERSION
from image.building import PROJECT


def test_the_lock_file_is_read_by_the_pipenv_that_wrote_it() -> None:
    dockerfile, makefile = ((PROJECT / name).read_text() for name in ("Dockerfile", "Makefile"))

    in_dockerfile = re.search(r"^ARG PIPENV_VERSION=(\S+)$", dockerfile, re.MULTILINE)
    in_makefile = re.search(r"^PIPENV_VERSION := (\S+)$", makefile, re.MULTILINE)

    assert in_dockerfile
    assert in_makefile
    assert in_dockerfile[1] == in_makefile[1]


def test_what_it_copies_is_sent_to_the_build() -> None:
    instructions = re.findall(
        r"^COPY (?!--)(.+) \S+$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE
    )
    copied = {name for names in instructions for name in names.split()}

    sent = re.findall(r"^!(.+)$", (PROJECT / ".dockerignore").read_text(), re.MULTILINE)

    assert copied == set(sent)


def test_make_tells_the_build_the_version() -> None:
    planned = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "image", "BUILDER=buildah"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert planned.startswith("buildah build")
    assert f"VERSION={VERSION}" in planned
