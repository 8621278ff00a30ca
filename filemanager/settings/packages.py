"""Settings of the packages door."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from filemanager.domain.packages.changes import PackageLimits
from filemanager.settings.sources import FromEnvironment
from filemanager.signing.statements import Ed25519Signer


def _usable(given: SecretStr) -> SecretStr:
    """Line feeds may be written as in one line of a shell."""
    key = given.get_secret_value().replace("\\n", "\n")
    # Whatever would be refused when something is to be signed stops the start.
    Ed25519Signer(key)
    return SecretStr(key)


class PackagesSettings(FromEnvironment):
    """Limits are of one package or of one owner."""

    pointer_hosts: str = Field(
        "",
        description="Hosts, as `host` or `host:port` and separated by commas, that items of"
        " packages may point to by https URLs; none when unset.",
    )
    max_package_items: int = Field(100_000, ge=1, description="Items of one package.")
    max_package_text_bytes: int = Field(
        1 << 30, ge=1, description="Bytes of the texts of one package."
    )
    max_packages: int = Field(1000, ge=1, description="Packages of one owner.")
    max_package_versions: int = Field(1000, ge=1, description="Versions of one package.")
    hash_workers: int = Field(
        2, ge=0, le=32, description="Threads of each process that read sources for their digests."
    )

    statement_key: Annotated[SecretStr, AfterValidator(_usable)] | None = Field(
        None,
        description="PEM private key of Ed25519 that signs statements of packages' versions, and"
        " receipts of guests and of workspaces; none are made when unset.",
    )

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(self.pointer_hosts.lower().replace(",", " ").split())

    def limits(self, owner_bytes: int) -> PackageLimits:
        return PackageLimits(
            items=self.max_package_items,
            text_bytes=self.max_package_text_bytes,
            packages=self.max_packages,
            versions=self.max_package_versions,
            owner_bytes=owner_bytes,
        )
