"""Settings of the repositories door; most of their names are those of RWS.

What its variables leave unset or empty stands in its configuration file.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode

from filemanager.domain.repositories.address import SEGMENT
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.settings.credentials import (
    EVERYWHERE,
    Credentials,
    User,
    UserRule,
    is_plain,
)
from filemanager.settings.keys import ArmoredCertificates, ArmoredKeys, keys_in
from filemanager.settings.public_bucket import PublicBucket, ensure_somewhere
from filemanager.settings.rws_file import RwsFile, parsed_json, read_json
from filemanager.settings.sources import FromEnvironment, named
from filemanager.settings.values import PathPrefix, Size, Url

_GIB = 1 << 30


def _truth(given: object) -> object:
    """As RWS reads it: whatever is no ``0`` and no ``false`` is true."""
    return given.lower() not in ("0", "false") if isinstance(given, str) else given


def _line(given: str) -> str:
    if not given.isprintable():
        raise ValueError("it is one line of a Release file")
    return given


def _architectures(given: str) -> str:
    for one in given.split():
        if SEGMENT.fullmatch(one) is None:
            raise ValueError("architectures are words of Debian's, with blanks in between")
    return given


Truth = Annotated[bool, BeforeValidator(_truth)]
Line = Annotated[str, AfterValidator(_line)]


def _rws(name: str, variable: str, default: Any, description: str) -> Any:
    return Field(default, validation_alias=named(name, variable), description=description)


def _own(name: str, default: Any, description: str, **bounds: Any) -> Any:
    alias = named(f"repositories_{name}", f"REPOSITORIES_{name.upper()}")
    return Field(default, validation_alias=alias, description=description, **bounds)


class RepositoriesSettings(FromEnvironment):
    repositories_prefix: PathPrefix = _own(
        "prefix",
        "/repositories",
        "Path of the repositories door; empty: the root, as RWS has it.",
    )
    rws_cfg: Annotated[RwsFile | None, NoDecode, BeforeValidator(read_json)] = _rws(
        "rws_cfg", "RWS_CFG", None, "Path of a JSON file that says which repositories there are."
    )
    rws_credentials: Annotated[Credentials | None, NoDecode, BeforeValidator(parsed_json)] = _rws(
        "rws_credentials",
        "RWS_CREDENTIALS",
        None,
        "Who may push by name and password: JSON, `name` to Werkzeug's hash of the password.",
    )
    repositories_users: Annotated[
        dict[str, UserRule] | None, NoDecode, BeforeValidator(parsed_json)
    ] = _own(
        "users",
        None,
        'What they may do, JSON: `{"name": {"publish": ["live/"], "read": [""], "admin": false}}`;'
        " who is not named reads and publishes everywhere.",
    )
    rws_force_sync: Truth | None = _rws(
        "rws_force_sync",
        "RWS_FORCE_SYNC",
        None,
        "Take in what lies in the bucket at each start; malformed packages never stop that.",
    )
    gpg_sign_key_armored: ArmoredKeys | None = _rws(
        "gpg_sign_key_armored",
        "GPG_SIGN_KEY_ARMORED",
        None,
        "OpenPGP private key in ASCII armor that signs; several, one after the other: all sign.",
    )
    gpg_modules_sign_key_armored: ArmoredKeys | None = _rws(
        "gpg_modules_sign_key_armored",
        "GPG_MODULES_SIGN_KEY_ARMORED",
        None,
        "The same for the series `modules`; the key above when unset.",
    )
    repositories_unsigned: bool = _own(
        "unsigned", default=False, description="Publish without a signature where there is no key."
    )
    repositories_s3_url: Url | None = _rws(
        "repositories_s3_url", "S3_URL", None, "URL of the store that clients read repositories in."
    )
    repositories_s3_region: str | None = _rws(
        "repositories_s3_region", "S3_REGION", None, "Region of that store."
    )
    repositories_s3_bucket: str | None = _rws(
        "repositories_s3_bucket",
        "S3_BUCKET",
        None,
        "Bucket there that repositories are written to.",
    )
    repositories_s3_access_key: SecretStr | None = _rws(
        "repositories_s3_access_key", "S3_ACCESS_KEY", None, "Access key of that bucket."
    )
    repositories_s3_secret_key: SecretStr | None = _rws(
        "repositories_s3_secret_key", "S3_SECRET_KEY", None, "Secret key of that bucket."
    )
    repositories_s3_base_path: str | None = _rws(
        "repositories_s3_base_path", "S3_BASE_PATH", None, "Prefix of every key in that bucket."
    )
    repositories_s3_public_read: Truth | None = _rws(
        "repositories_s3_public_read",
        "S3_PUBLIC_READ",
        None,
        "Whether what is written there gets the ACL `public-read`.",
    )
    repositories_bucket: bool = _own(
        "bucket",
        default=False,
        description="Write repositories to a bucket too; they are where one is named above.",
    )
    repositories_architectures: Annotated[str, AfterValidator(_architectures)] = _own(
        "architectures",
        "amd64 arm64",
        "Architectures that apt repositories have even without packages of them.",
    )
    repositories_max_bytes: Size = _own(
        "max_bytes", 100 * _GIB, "Bytes that one repository keeps, history included.", ge=1
    )
    repositories_max_push_bytes: Size = _own(
        "max_push_bytes", 2 * _GIB, "Largest request that pushes packages.", ge=1
    )
    repositories_xz: bool = _own(
        "xz", default=False, description="Indexes of apt repositories compressed by xz as well."
    )
    repositories_redirect: bool = _own(
        "redirect",
        default=False,
        description="Send readers of packages from 64 KiB on to the S3 store, by signed URLs.",
    )
    repositories_history_days: int = _own(
        "history_days", 30, "How long earlier publications are kept.", ge=1, le=36500
    )
    repositories_grace_hours: int = _own(
        "grace_hours",
        24,
        "How long files and indexes that a publication ended are served.",
        ge=1,
        le=8760,
    )
    repositories_changes_keys: ArmoredCertificates | None = _own(
        "changes_keys", None, "OpenPGP public keys, one of which must sign a `.changes` file."
    )
    repositories_origin: Line = _own("origin", "filemanager", "`Origin` of apt repositories.")
    repositories_label: Line = _own("label", "filemanager", "`Label` of apt repositories.")
    repositories_description: Line = _own(
        "description", "Packages", "`Description` of apt repositories."
    )
    repositories_valid_days: int | None = _own(
        "valid_days",
        None,
        "After how many days apt takes a repository for outdated.",
        ge=1,
        le=36500,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _unset_where_empty(cls, given: object, info: ValidationInfo) -> object:
        """The prefix alone means something when it is empty."""
        name = info.field_name
        if given != "" or name is None or name == "repositories_prefix":
            return given
        return cls.model_fields[name].default

    @model_validator(mode="after")
    def _signed_or_said_not_to_be(self) -> Self:
        if not self.is_unsigned or self.repositories_unsigned:
            return self
        named_keys = self._file.model.gpg_sign_key
        also = "; the file names a key, and does not hold it" if named_keys else ""
        raise ValueError(
            "nothing signs the repositories of RWS_CFG: set GPG_SIGN_KEY_ARMORED, or say that they"
            f" are not to be signed by REPOSITORIES_UNSIGNED=true{also}"
        )

    @model_validator(mode="after")
    def _rules_for_users(self) -> Self:
        unknown = (self.repositories_users or {}).keys() - self._credentials.keys()
        if unknown:
            raise ValueError(
                f"REPOSITORIES_USERS: {', '.join(sorted(unknown))}: not among RWS_CREDENTIALS"
            )
        return self

    @property
    def catalogue(self) -> Catalogue:
        """Nothing, where no file says what there is."""
        return self._file.catalogue

    @property
    def users(self) -> Mapping[str, User]:
        rules = self.repositories_users or {}
        return {
            name: User(
                password=password,
                granted=rules[name].granted if name in rules else EVERYWHERE,
            )
            for name, password in self._credentials.items()
        }

    @property
    def has_plain_password(self) -> bool:
        return any(map(is_plain, self._credentials.values()))

    @property
    def signing_keys(self) -> tuple[str, ...]:
        return keys_in(self.gpg_sign_key_armored)

    @property
    def modules_signing_keys(self) -> tuple[str, ...]:
        return keys_in(self.gpg_modules_sign_key_armored) or self.signing_keys

    @property
    def is_unsigned(self) -> bool:
        """Whether there are repositories, and no key to sign them."""
        return self.rws_cfg is not None and not self.signing_keys

    @property
    def syncs_on_start(self) -> bool:
        """Malformed packages are passed over always: who asked for that, asked for a sync."""
        is_forced = _either(self.rws_force_sync, self._file.model.force_sync)
        return is_forced or self._file.common.sync_on_start

    @property
    def public_bucket(self) -> PublicBucket | None:
        """None: clients read nothing but what we send."""
        told = self._file.model
        name = self.repositories_s3_bucket or told.bucket_name or None
        if name is None and not self.repositories_bucket:
            return None
        return PublicBucket(
            name=name,
            endpoint=self.repositories_s3_url or told.endpoint_url or None,
            region=self.repositories_s3_region or told.region or None,
            access_key=self.repositories_s3_access_key or told.access_key_id,
            secret_key=self.repositories_s3_secret_key or told.secret_access_key,
            base_path=(self.repositories_s3_base_path or told.base_path or "").strip("/"),
            sends_acl=_either(self.repositories_s3_public_read, told.public_read),
        )

    def ensure_bucket(self, of_blobs: str | None) -> None:
        """Raises ``ValueError`` where clients are to read in a bucket, and there is none."""
        ensure_somewhere(self.public_bucket, of_blobs, redirects=self.repositories_redirect)

    @property
    def _file(self) -> RwsFile:
        return self.rws_cfg or RwsFile()

    @property
    def _credentials(self) -> Credentials:
        return self.rws_credentials or self._file.common.credentials or {}


def _either(given: bool | None, told: bool) -> bool:  # noqa: FBT001  # values, and no switches
    """What the environment says, or for want of that the file."""
    return told if given is None else given
