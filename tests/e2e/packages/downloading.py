"""Tools that read lists and pages: wget, curl, aria2 and rclone."""

from pathlib import Path

from e2e.packages.visitor import Address, Visitor

_HERE = "got"


def by_wget(visitor: Visitor, address: Address) -> Path:
    _wget(visitor, address, "-O", "urls.txt", f"{address.base}urls.txt")
    _wget(visitor, address, "-c", "-x", *_below(address), "-i", "urls.txt")
    return visitor.place / _HERE


def by_wget_alone(visitor: Visitor, address: Address) -> Path:
    """It follows the links of the pages."""
    away = ("-R", "index.html*")
    _wget(visitor, address, "-r", "-np", *away, *_below(address), f"{address.base}f/")
    return visitor.place / _HERE


def _wget(visitor: Visitor, address: Address, *arguments: str) -> None:
    if address.password:
        visitor.knows(address)
    visitor.run("wget", "-nv", "--tries=1", *arguments)


def _below(address: Address) -> tuple[str, ...]:
    """What lies above ``f/`` in the address is cut away from the names."""
    directories = len(f"{address.base}f".split("/")) - 3
    return ("-nH", f"--cut-dirs={directories}", "-P", _HERE)


def by_curl(visitor: Visitor, address: Address) -> Path:
    if address.password:
        visitor.knows(address)
    quietly = ("curl", "-sSfL", "--netrc-optional")
    visitor.run(*quietly, "-o", "curl.cfg", f"{address.base}curl.cfg")
    visitor.run(*quietly, "-K", visitor.place / "curl.cfg", below=_HERE)
    return visitor.place / _HERE


def by_aria2(visitor: Visitor, address: Address) -> Path:
    _aria2(visitor, address, "-o", "aria2.txt", "--allow-overwrite", f"{address.base}aria2.txt")
    _aria2(visitor, address, "-c", "-x4", "-j4", "-d", _HERE, "-i", "aria2.txt")
    return visitor.place / _HERE


def by_metalink(visitor: Visitor, address: Address) -> Path:
    followed = ("--follow-metalink=mem", f"{address.base}pkg.meta4")
    _aria2(visitor, address, "-c", "-d", _HERE, *followed)
    return visitor.place / _HERE


def _aria2(visitor: Visitor, address: Address, *arguments: str) -> None:
    if address.password:
        visitor.knows(address)
    quietly = ("--quiet", "--max-tries=1", "--auto-file-renaming=false", "--http-auth-challenge")
    visitor.run("aria2c", *quietly, *arguments)


def by_rclone(visitor: Visitor, address: Address) -> Path:
    """It follows the links of the pages."""
    password = ("--http-headers", f"X-Share-Password,{address.header}")
    sent = password if address.password else ()
    alone = ("--config", "none", "--retries=1")
    visitor.run("rclone", "copy", *alone, *sent, "--http-url", f"{address.base}f/", ":http:", _HERE)
    return visitor.place / _HERE
