"""Where the original has what it publishes, and what each is said to be."""

import pytest

from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.bucket_keys import (
    index_names,
    object_keys,
    package_prefixes,
    path_of,
)
from filemanager.domain.repositories.media_types import media_type
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.published import IndexForm, PublishedIndex, Sums

DEB = Address("live", "2.8", "ubuntu", "focal", Base.DEB)
RPM = Address("live", "2.8", "el", "9", Base.RPM)
SUMS = Sums(size_bytes=1, md5="m" * 32, sha1="s" * 40, sha256="d" * 64)


@pytest.mark.parametrize(
    ("address", "path", "keys"),
    [
        (DEB, "dists/focal/Release", ["live/2.8/ubuntu/dists/focal/Release"]),
        (RPM, "SRPMS/repodata/repomd.xml", ["live/2.8/el/9/SRPMS/repodata/repomd.xml"]),
        (
            DEB,
            "pool/focal/main/l/lib++/a+b_1.deb",
            [
                "live/2.8/ubuntu/pool/focal/main/l/lib++/a+b_1.deb",
                "live/2.8/ubuntu/pool/focal/main/l/lib  /a b_1.deb",
            ],
        ),
    ],
)
def test_a_path_has_a_key_and_with_a_plus_another(
    address: Address, path: str, keys: list[str]
) -> None:
    assert list(object_keys(address.path, address.base, path)) == keys
    assert path_of(address, keys[0]) == path


def test_packages_lie_below_a_few_prefixes() -> None:
    assert list(package_prefixes(DEB)) == ["live/2.8/ubuntu/pool/focal/"]
    assert list(package_prefixes(RPM)) == [
        f"live/2.8/el/9/{arch}/" for arch in ("x86_64", "aarch64", "SRPMS")
    ]


@pytest.mark.parametrize(
    ("base", "path", "form", "names"),
    [
        (Base.DEB, "a/Packages", IndexForm.PLAIN, (f"a/by-hash/SHA256/{'d' * 64}", "a/Packages")),
        (Base.DEB, "a/P.xz", IndexForm.XZ, (f"a/by-hash/SHA256/{'d' * 64}", "a/P.xz")),
        (Base.RPM, "x86_64/repodata/primary.xml", IndexForm.PLAIN, (None, None)),
        (Base.RPM, "x/repodata/d-p.xml.gz", IndexForm.GZIP, ("x/repodata/d-p.xml.gz", None)),
    ],
)
def test_an_index_has_names_that_last_and_names_that_change(
    base: Base, path: str, form: IndexForm, names: tuple[str | None, str | None]
) -> None:
    index = PublishedIndex(path=path, file="file", form=form, sums=SUMS)

    assert index_names(base, index) == names


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("dists/focal/InRelease", "text/plain; charset=utf-8"),
        ("dists/focal/malformed_list.txt", "text/plain; charset=utf-8"),
        ("a/Packages", "text/plain; charset=utf-8"),
        ("a/Packages.gz", "application/gzip"),
        ("a/Packages.xz", "application/x-xz"),
        ("repodata/repomd.xml.asc", "application/pgp-signature"),
        ("repodata/repomd.xml", "application/xml"),
        (f"by-hash/SHA256/{'d' * 64}", "application/octet-stream"),
        ("tiny_1_all.deb", "application/vnd.debian.binary-package"),
        ("Packages/tiny-1-1.noarch.rpm", "application/x-rpm"),
    ],
)
def test_names_say_what_a_file_is(path: str, wanted: str) -> None:
    assert media_type(path) == wanted
