"""What package managers are set up with: a file for dnf and yum, one for apt."""

from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.places import COMPONENT


def yum_client_file(address: Address, place: str, *, is_signed: bool) -> str:
    """*place* is the door's URL. The metadata is signed, and has the digest of every package."""
    lines = [
        f"[{address.path.replace('/', '-')}]",
        f"name={address.path}",
        # Not a baseurl: the two files that are read first would be of two publications at times.
        f"mirrorlist={place}/mirrorlist/{address.path}/$basearch",
        "enabled=1",
        "gpgcheck=0",
        f"repo_gpgcheck={int(is_signed)}",
    ]
    if is_signed:
        lines.append(f"gpgkey={place}/{address.path}/KEY.asc")
    return "\n".join([*lines, ""])


def apt_client_file(address: Address, place: str, keys: str) -> str:
    """*keys* are armored, or nothing; apt takes them in the file itself from 2.3.10 on."""
    lines = [
        "Types: deb",
        f"URIs: {place}/{address.root}",
        f"Suites: {address.version}",
        f"Components: {COMPONENT}",
    ]
    if keys:
        folded = [f" {line}" if line.strip() else " ." for line in keys.strip().splitlines()]
        lines += ["Signed-By:", *folded]
    else:
        # The operator said that nothing is signed: without this apt would read none of it.
        lines.append("Trusted: yes")
    return "\n".join([*lines, ""])
