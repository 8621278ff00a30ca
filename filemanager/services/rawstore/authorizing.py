"""The rawstore door: leave to post files directly into the store, and what is known of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from filemanager.domain.blobs.named_objects import NamedObjects, PostForm, PostForms, PostTerms
from filemanager.domain.caller import Owner
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.rawstore.path_pattern import PathPattern
from filemanager.domain.rawstore.stored_file import (
    ACTIVE_TYPES,
    FORM_LIFETIME,
    Deposit,
    DepositedFile,
    Depositor,
    DepositRefused,
    Findability,
    KeyTaken,
    OwnerDiffers,
    StorageLimitReached,
    StoredFile,
    StoredFileState,
    Version,
)
from filemanager.services.rawstore.placing import PostPlace, WantedFiles, named
from filemanager.services.rawstore.promising import ensure_room, promised, settling, version_of
from filemanager.services.rawstore.settling import Settler

_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorized:
    """``exists``: these very bytes are settled at the place already."""

    wish: DepositedFile
    form: PostForm
    exists: bool


@dataclass(frozen=True, slots=True)
class Publishing:
    """What anybody may read: *active_types* too, or not."""

    active_types: bool = False

    def shows(self, version: Version) -> bool:
        kind = version.media_type.partition(";")[0].strip().lower()
        is_passive = self.active_types or kind not in ACTIVE_TYPES
        return is_passive and version.findability is not Findability.PRIVATE


class RawstoreService:
    def __init__(  # noqa: PLR0913  # the parts that it is put together of
        self,
        *,
        database: Database,
        objects: NamedObjects,
        forms: PostForms,
        pattern: PathPattern,
        publishing: Publishing,
        settler: Settler,
        clock: Clock,
    ) -> None:
        self._database = database
        self._objects = objects
        self._forms = forms
        self._pattern = pattern
        self._publishing = publishing
        self._settler = settler
        self._clock = clock

    def authorize(self, depositor: Depositor, deposit: Deposit) -> Sequence[Authorized]:
        """Promise room for every file of the deposit, or for none, and give out their forms.

        Whatever the number of files, the database is asked as often; the store is asked about those
        alone that may have been posted since they were authorised, or where the limit is reached.
        Raises ``OwnerDiffers``, ``DepositRefused``, ``KeyTaken`` or ``StorageLimitReached``.
        """
        if deposit.owner != depositor.user:
            raise OwnerDiffers
        keys = self._keys(deposit)
        wanted = self._wanted(depositor.owner, deposit, keys)
        places = self._placed(depositor, deposit, wanted)
        if unseen := wanted.unseen(places):
            self._settler.look_at(unseen)
            places = self._placed(depositor, deposit, replace(wanted, is_seen=True))
        return [
            self._authorized(wish, wanted.wishes[key], deposit, places[key])
            for wish, key in zip(deposit.files, keys, strict=True)
        ]

    def url_prefixes(self, depositor: Depositor) -> Sequence[str]:
        """What the URLs of the depositor's files may begin with."""
        prefix = self._pattern.prefix(depositor.user)
        return [before + prefix for before in self._objects.url_prefixes()]

    def held_bytes(self, depositor: Depositor, bucket: str, key: str) -> int | None:
        """The size of a file of the depositor's; None: there is none."""
        with self._database.read() as tx:
            file = named(tx, bucket, key, depositor.owner)
        if file is None or file.owner != depositor.owner:
            return None
        settled = self._settler.settle(file)
        return settled.held.size_bytes if settled is not None and settled.held else None

    def total(self, owner: Owner, findability: Findability | None) -> int:
        with self._database.read() as tx:
            return tx.stored_files.held_bytes_of_owner(owner, findability)

    def total_of_dataset(
        self, owner: Owner, dataset_id: str, findability: Findability | None
    ) -> int:
        with self._database.read() as tx:
            return tx.stored_files.held_bytes_of_dataset(owner, dataset_id, findability)

    def total_of_flow(self, owner: Owner, flow_id: str, findability: Findability | None) -> int:
        with self._database.read() as tx:
            return tx.stored_files.held_bytes_of_flow(owner, flow_id, findability)

    def _keys(self, deposit: Deposit) -> Sequence[str]:
        """The keys of the deposit's files, in their order."""
        first: dict[str, DepositedFile] = {}
        keys = [self._pattern.key(deposit, wish) for wish in deposit.files]
        for wish, key in zip(deposit.files, keys, strict=True):
            other = first.setdefault(key, wish)
            is_equal = self._pattern.names_content and other.is_equal(wish)
            if other is not wish and not is_equal:
                why = f"it would lie at the same place as '{other.path}'"
                raise DepositRefused(f"filedata['{wish.path}']", why)
        return keys

    def _wanted(self, owner: Owner, deposit: Deposit, keys: Sequence[str]) -> WantedFiles:
        wishes: dict[str, DepositedFile] = {}
        for key, wish in zip(keys, deposit.files, strict=True):
            # Of equal files the first tells the type of all.
            wishes.setdefault(key, wish)
        shown = {key for key, wish in wishes.items() if self._shows(deposit, wish)}
        return WantedFiles(
            bucket=self._objects.bucket,
            owner=owner,
            wishes=wishes,
            hidden=wishes.keys() - shown,
            is_shared=self._pattern.is_shared,
            is_seen=self._settler.is_store_silent,
        )

    def _placed(
        self, depositor: Depositor, deposit: Deposit, wanted: WantedFiles
    ) -> Mapping[str, PostPlace]:
        for _ in range(_TRIES):
            try:
                return self._promise(depositor, deposit, wanted)
            except StorageLimitReached:
                # Promises that were never kept may be all that is in the way.
                if not self._settler.settle_some(depositor.owner):
                    raise
            except KeyTaken:
                # Another owner may have come first a moment ago: then there is a key apart.
                if not wanted.is_shared:
                    raise
        return self._promise(depositor, deposit, wanted)

    def _promise(
        self, depositor: Depositor, deposit: Deposit, wanted: WantedFiles
    ) -> Mapping[str, PostPlace]:
        """Write the rows, and return the places with what was there before.

        Nothing is written while some of that is unseen.
        """
        at = self._clock()

        def work(tx: Transaction) -> Mapping[str, PostPlace]:
            tx.stored_files.lock(depositor.owner)
            places = wanted.places(tx)
            if wanted.unseen(places):
                return places
            files = [
                promised(place.known, deposit, wanted.wishes[key], at)
                if place.known
                else self._new(place.key, wanted, deposit, wanted.wishes[key], at)
                for key, place in places.items()
            ]
            known = [place.known for place in places.values() if place.known]
            ensure_room(tx, depositor, files, known)
            for place in places.values():
                if place.given_up:
                    tx.stored_files.replace(place.given_up, None)
            tx.stored_files.save(files)
            tx.outbox.add(settling(depositor.owner, at), at)
            return places

        return self._database.write(work)

    def _new(
        self, key: str, wanted: WantedFiles, deposit: Deposit, wish: DepositedFile, at: datetime
    ) -> StoredFile:
        return StoredFile(
            bucket=wanted.bucket,
            key=key,
            owner=wanted.owner,
            wanted=version_of(deposit, wish),
            created_at=at,
            expires_at=at + FORM_LIFETIME,
            dataset_id=deposit.dataset,
            flow_ids=(deposit.flow_id,) if deposit.flow_id else (),
        )

    def _authorized(
        self, wish: DepositedFile, posted: DepositedFile, deposit: Deposit, place: PostPlace
    ) -> Authorized:
        """*posted* is the first of equal files, by whose form all of them are posted."""
        version = version_of(deposit, posted)
        terms = PostTerms(
            key=place.key,
            size_bytes=posted.size_bytes,
            md5=posted.md5,
            media_type=posted.media_type,
            is_public=self._publishing.shows(version),
        )
        return Authorized(
            wish=wish,
            form=self._forms.form(terms, FORM_LIFETIME),
            exists=place.known is not None and self._exists(place.known, version),
        )

    def _exists(self, file: StoredFile, version: Version) -> bool:
        """Not where it must be posted again for another circle of readers."""
        is_settled = file.state is StoredFileState.SETTLED and file.wanted.has_bytes_of(version)
        return is_settled and self._publishing.shows(file.wanted) == self._publishing.shows(version)

    def _shows(self, deposit: Deposit, wish: DepositedFile) -> bool:
        return self._publishing.shows(version_of(deposit, wish))
