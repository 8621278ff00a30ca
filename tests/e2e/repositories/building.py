"""Packages, built by the programs that everybody builds theirs with."""

import os
import subprocess
from pathlib import Path
from shutil import rmtree

BUILT_AT = 1_700_000_000
_ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": str(BUILT_AT)}


def run(directory: Path, *command: str) -> str:
    done = subprocess.run(
        command, cwd=directory, env=_ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def build_deb(directory: Path, control: str, compression: str = "xz") -> Path:
    """A package of no file but its control, which dpkg-deb names."""
    root = directory / "root"
    (root / "DEBIAN").mkdir(parents=True)
    (root / "DEBIAN" / "control").write_text(control)
    before = set(directory.glob("*.deb"))
    options = ("--root-owner-group", f"-Z{compression}", "--uniform-compression")
    run(directory, "dpkg-deb", *options, "--build", "root", ".")
    rmtree(root)
    (built,) = set(directory.glob("*.deb")) - before
    return built


def build_source(directory: Path, control: str, version: str, form: str = "3.0 (native)") -> Path:
    """The ``.dsc``; its tarball lies beside it."""
    root = directory / "source"
    (root / "debian" / "source").mkdir(parents=True)
    (root / "debian" / "source" / "format").write_text(f"{form}\n")
    (root / "debian" / "control").write_text(control)
    name = control.splitlines()[0].removeprefix("Source: ")
    (root / "debian" / "changelog").write_text(
        f"{name} ({version}) bookworm; urgency=medium\n\n  * One.\n\n"
        " -- Ann <ann@example.org>  Tue, 14 Nov 2023 22:13:20 +0000\n"
    )
    (root / "debian" / "rules").write_text("#!/usr/bin/make -f\n")
    before = set(directory.glob("*.dsc"))
    run(directory, "dpkg-source", "--build", "source")
    rmtree(root)
    (built,) = set(directory.glob("*.dsc")) - before
    return built


def build_rpms(directory: Path, spec: str) -> list[Path]:
    """By rpmbuild, in ``Packages`` below *directory*, as old as they say that they are."""
    tree = directory / "rpmbuild"
    tree.mkdir()
    (tree / "one.spec").write_text(spec)
    definitions = {
        "_topdir": str(tree),
        "_buildhost": "builder.example.org",
        "use_source_date_epoch_as_buildtime": "1",
        "source_date_epoch_from_changelog": "0",
        "clamp_mtime_to_source_date_epoch": "1",
    }
    options = [word for item in definitions.items() for word in ("--define", " ".join(item))]
    run(tree, "rpmbuild", "--quiet", *options, "-ba", "one.spec")
    packages = directory / "Packages"
    packages.mkdir(exist_ok=True)
    built = [path.rename(packages / path.name) for path in tree.rglob("*.rpm")]
    for path in built:
        os.utime(path, (BUILT_AT, BUILT_AT))
    rmtree(tree)
    return sorted(built)
