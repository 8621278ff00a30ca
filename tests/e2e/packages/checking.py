"""Tools that check what a package says of itself, and fetch what they need for that."""

import json
import sys
from pathlib import Path

from e2e.packages.visitor import Address, Visitor

_BAG = "bag"
_PROJECT = Path(__file__).parents[3]


def by_bdbag(visitor: Visitor, address: Address) -> Path:
    """The ZIP is a bag that lacks some of its payload; two programs find it valid afterwards."""
    if address.password:
        _keep_for_bdbag(visitor, address)
    if not (visitor.place / _BAG).exists():
        _keep(visitor, address, "package.zip")
        visitor.run("unzip", "-q", "package.zip", "-d", "unpacked")
        (inside,) = (visitor.place / "unpacked").iterdir()
        inside.rename(visitor.place / _BAG)
    visitor.run("bdbag", "--quiet", "--resolve-fetch", "all", _BAG)
    visitor.run("bdbag", "--quiet", "--validate", "full", _BAG)
    visitor.run("bagit.py", "--quiet", "--validate", _BAG)
    return visitor.place / _BAG / "data"


def by_sha256sum(visitor: Visitor, address: Address, fetched: Path) -> str:
    """What is said of each file that was fetched by another tool."""
    _keep(visitor, address, "SHA256SUMS")
    below = str(fetched.relative_to(visitor.place))
    return visitor.run("sha256sum", "-c", visitor.place / "SHA256SUMS", below=below)


def by_statement(visitor: Visitor, address: Address, fetched: Path, *, is_refused: bool) -> str:
    """Our own command, with the keys of the service and nothing else."""
    keys = f"{address.origin}.well-known/filemanager-keys.json"
    visitor.run("curl", "-sSfL", "-o", "keys.json", keys)
    _keep(visitor, address, "statement.json")
    (visitor.place / "statement.json").rename(fetched / "statement.json")
    verify = (sys.executable, "-m", "filemanager", "verify", "--keys", "keys.json", fetched)
    return visitor.run("env", f"PYTHONPATH={_PROJECT}", *verify, is_refused=is_refused)


def by_frictionless(visitor: Visitor, address: Address) -> None:
    """It streams every resource and compares size and SHA-256."""
    if address.password:
        visitor.knows(address)
    visitor.run("frictionless", "validate", f"{address.base}datapackage.json")


def by_mlcroissant(visitor: Visitor, address: Address) -> None:
    _keep(visitor, address, "croissant.json")
    visitor.run("mlcroissant", "validate", "--jsonld", "croissant.json")


def _keep(visitor: Visitor, address: Address, name: str) -> None:
    if address.password:
        visitor.knows(address)
    visitor.run("curl", "-sSfL", "--netrc-optional", "-o", name, f"{address.base}{name}")


def _keep_for_bdbag(visitor: Visitor, address: Address) -> None:
    login = {"auth_method": "get", "username": "visitor", "password": address.password}
    kept = {
        "uri": address.origin,
        "authentication_type": "http-basic",
        "authentication_params": login,
    }
    directory = visitor.home / ".bdbag"
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "keychain.json").write_text(json.dumps([kept]))
