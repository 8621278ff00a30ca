"""Tools that clone a repository and fetch what it names: git-annex, DataLad, DVC and Git LFS."""

from pathlib import Path
from shutil import rmtree

from e2e.packages.recipes.visitor import Address, Visitor

_HERE = "clone"

# git-annex knows proxies, but not what is to be reached without one.
WITHOUT_PROXY = ("env", "-u", "http_proxy")


def by_git_annex(visitor: Visitor, address: Address) -> Path:
    set_git(visitor, address)
    if not (visitor.place / _HERE).exists():
        visitor.run("git", "clone", "-q", f"{address.base}annex.git", _HERE)
        visitor.run(*WITHOUT_PROXY, "git", "annex", "init", "-q", below=_HERE)
    visitor.run(*WITHOUT_PROXY, "git", "annex", "get", "-q", ".", below=_HERE)
    return visitor.place / _HERE


def by_datalad(visitor: Visitor, address: Address) -> Path:
    set_git(visitor, address)
    if not (visitor.place / _HERE).exists():
        visitor.run(*WITHOUT_PROXY, "datalad", "clone", f"{address.base}annex.git", _HERE)
    visitor.run(*WITHOUT_PROXY, "datalad", "get", ".", below=_HERE)
    return visitor.place / _HERE


def by_dvc_pull(visitor: Visitor, address: Address) -> Path:
    set_git(visitor, address)
    if not (visitor.place / _HERE).exists():
        visitor.run("git", "clone", "-q", f"{address.base}dvc.git", _HERE)
        for name, value in _of_the_remote(address).items():
            option = ("dvc", "remote", "modify", "--local", "package", name, value)
            visitor.run(*option, below=_HERE)
    visitor.run("dvc", "pull", "-q", below=_HERE)
    return visitor.place / _HERE / "data"


def by_dvc_get(visitor: Visitor, address: Address) -> Path:
    """Without a clone of one's own: it takes a password for that from the address alone.

    It begins anew: what is there already it would put the rest into, a second time.
    """
    set_git(visitor, address)
    rmtree(visitor.place / "data", ignore_errors=True)
    options = [f"{name}={value}" for name, value in _of_the_remote(address).items()]
    login = f"//visitor:{address.header}@" if address.password else "//"
    repository = f"{address.base.replace('//', login, 1)}dvc.git"
    remote = ("--remote", "package", "--remote-config", *options, "--")
    visitor.run("dvc", "get", "-q", *remote, repository, "data")
    return visitor.place / "data"


def by_git_lfs(visitor: Visitor, address: Address) -> Path:
    set_git(visitor, address)
    if not (visitor.place / _HERE).exists():
        without = ("-c", "filter.lfs.smudge=", "-c", "filter.lfs.required=false")
        visitor.run("git", *without, "clone", "-q", f"{address.base}lfs.git", _HERE)
        endpoint = f"{address.base}lfs.git/info/lfs"
        visitor.run("git", "config", "lfs.url", endpoint, below=_HERE)
        visitor.run("git", "lfs", "install", "--local", below=_HERE)
    visitor.run("git", "lfs", "pull", below=_HERE)
    return visitor.place / _HERE


def set_git(visitor: Visitor, address: Address) -> None:
    """git-annex asks no address of this machine unless it is told to."""
    visitor.home.mkdir(parents=True, exist_ok=True)
    lines = [
        "[user]\nname = Ann\nemail = ann@example.org\n[init]\ndefaultBranch = main\n",
        '[annex "security"]\nallowed-ip-addresses = 127.0.0.1\n',
    ]
    if address.password:
        header = f"X-Share-Password: {address.header}"
        lines += [f'[http "{address.origin}"]\nextraHeader = "{header}"\n']
        lines += [f'[annex]\nhttp-headers = "{header}"\n']
    (visitor.home / ".gitconfig").write_text("".join(lines))


def _of_the_remote(address: Address) -> dict[str, str]:
    """The clone names the share for good; one who has a capability says so."""
    options = {"url": f"{address.base}dvc"}
    if address.password:
        options["auth"] = "custom"
        options["custom_auth_header"] = "X-Share-Password"
        options["password"] = address.header
    return options
