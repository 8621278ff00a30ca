"""What pages load of others is what was bundled, and what pages load is small."""

import gzip
import hashlib
import json
from pathlib import Path

import filemanager

STATIC = Path(filemanager.__file__).parent / "web" / "static"
VENDORED = STATIC / "vendor"
KIB = 1024


def test_what_is_vendored_is_what_is_listed() -> None:
    listed = json.loads((VENDORED / "vendor.json").read_text())["files"]
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDORED.iterdir()
        if path.suffix in (".js", ".css")
    }

    assert found == listed


def test_every_vendored_package_has_its_licence_beside_it() -> None:
    packages = json.loads((VENDORED / "vendor.json").read_text())["packages"]
    licences = (VENDORED / "LICENSES.txt").read_text()

    assert [name for name in packages if f"{name}\n\n" not in licences] == []
    assert set(packages.values()) <= {"MIT", "ISC", "BSD-3-Clause"}


def test_what_pages_load_is_light() -> None:
    sizes = {
        path.name: len(gzip.compress(path.read_bytes()))
        for path in STATIC.rglob("*")
        if path.suffix in (".js", ".css")
    }

    assert sizes["upload.js"] < 20 * KIB
    assert sum(sizes.values()) < 140 * KIB


def test_a_module_of_ours_is_short_and_asks_nobody_else() -> None:
    for path in STATIC.glob("*.js"):
        text = path.read_text()

        assert len(text.splitlines()) <= 300, path
        assert "http:" not in text, path
        assert "https:" not in text, path
        assert "innerHTML" not in text, path
