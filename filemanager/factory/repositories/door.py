"""The repositories door."""

import time
from collections.abc import Sequence
from datetime import timedelta

from filemanager.api.repositories.dialect import dialect
from filemanager.api.repositories.door import RepositoriesDoor
from filemanager.api.repositories.keeping.routes import keeping
from filemanager.api.repositories.passwords import Account, PasswordVerifier
from filemanager.api.repositories.paths import RepositoryConverter, path_converter
from filemanager.api.repositories.routes import repositories
from filemanager.api.repositories.waiting import PublicationWait
from filemanager.domain.blobs.blob import KeptAs
from filemanager.domain.caller import Caller
from filemanager.domain.uploads.targets import RepositoryTarget
from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.parts import clock
from filemanager.factory.repositories.incoming import incoming_of
from filemanager.factory.repositories.keeping import keeping_of, rules_applied
from filemanager.factory.repositories.public_bucket import blob_links, mirroring_of, rebuilt
from filemanager.jobs.schedule import Periodic
from filemanager.services.committing import Committer
from filemanager.services.passwords import WrongPasswords
from filemanager.services.repositories.first import FirstPublication
from filemanager.services.repositories.planning import Habit
from filemanager.services.repositories.publishing import PublishService, PublishTerms, Signers
from filemanager.services.repositories.pushing import PushService, PushTerms
from filemanager.services.repositories.reading import ReadTerms, RepositoryReader
from filemanager.services.repositories.receiver import RepositoryReceiver
from filemanager.services.repositories.renewing import Renewal
from filemanager.services.repositories.roots import Imprint
from filemanager.services.repositories.tasks import PUBLISH, Announce
from filemanager.settings.repositories import RepositoriesSettings
from filemanager.signing.openpgp import OpenPgpSigner

_ISSUER = "rws"
_FIRST_PUBLICATION = timedelta(seconds=5)


def repositories_door(core: Core) -> Door:
    settings, prefix = core.settings.repositories, core.settings.repositories.repositories_prefix
    taken = frozenset[str]() if prefix else core.settings.taken_segments
    signers = signers_of(settings)
    terms = PushTerms(
        max_bytes=settings.repositories_max_bytes,
        limits=core.parts.limits,
        on_rebuild=rebuilt(core.settings),
    )
    pushes = PushService(core.database, _committer(core), terms, clock)
    receiver = RepositoryReceiver(pushes, settings.catalogue)
    mirroring = mirroring_of(core, pushes)
    looked_after = keeping_of(core, _committer(core), pushes, mirroring.announce)
    return Door(
        stands_on=RepositoriesDoor(
            keeping=looked_after,
            incoming=incoming_of(core, pushes, receiver),
            pushes=pushes,
            reader=_reader(core),
            catalogue=settings.catalogue,
            signers=signers,
            passwords=_passwords(core),
            waiting=PublicationWait(pushes.is_published, time.sleep, core.settings.threads // 4),
            prefix=prefix,
            max_push_bytes=settings.repositories_max_push_bytes,
        ),
        blueprints=(repositories, keeping),
        prefix=prefix or None,
        converters={"repository": RepositoryConverter, "repository_path": path_converter(taken)},
        dialect=dialect(prefix, taken),
        receivers={RepositoryTarget: receiver},
        handlers={
            PUBLISH: _publisher(core, signers, mirroring.announce).publish,
            **mirroring.handlers,
        },
        periodic=(*_renewals(core), rules_applied(looked_after), *mirroring.periodic),
        at_start=(looked_after.rules.enforce, *mirroring.at_start),
    )


def _renewals(core: Core) -> Sequence[Periodic]:
    days = core.settings.repositories.repositories_valid_days
    if days is None:
        return ()
    renewal = Renewal(core.database, timedelta(days=days), clock)
    return (Periodic("renew_repositories", timedelta(hours=1), renewal.renew),)


def signers_of(settings: RepositoriesSettings) -> Signers:
    """Raises ``SigningKeyRefused``."""
    return Signers(
        default=OpenPgpSigner(settings.signing_keys),
        modules=OpenPgpSigner(settings.modules_signing_keys),
    )


def _publisher(core: Core, signers: Signers, announce: Announce) -> PublishService:
    settings = core.settings.repositories
    days = settings.repositories_valid_days
    terms = PublishTerms(
        signers=signers,
        imprint=Imprint(
            origin=settings.repositories_origin,
            label=settings.repositories_label,
            description=settings.repositories_description,
            valid_for=None if days is None else timedelta(days=days),
        ),
        habit=Habit(
            arches=settings.repositories_architectures.split(), is_xz=settings.repositories_xz
        ),
        announce=announce,
    )
    return PublishService(core.database, _committer(core), core.parts.space, terms, clock)


def _reader(core: Core) -> RepositoryReader:
    settings = core.settings.repositories
    return RepositoryReader(
        core.database,
        core.blobs,
        settings.catalogue,
        FirstPublication(core.database, _FIRST_PUBLICATION, clock),
        ReadTerms(
            grace=timedelta(hours=settings.repositories_grace_hours),
            links=blob_links(core.settings) if settings.repositories_redirect else None,
        ),
    )


def _committer(core: Core) -> Committer:
    """Packages are compressed already, and clients may be sent to them."""
    return Committer(core.database, core.blobs, clock, KeptAs.RAW)


def _passwords(core: Core) -> PasswordVerifier:
    accounts = {
        name: Account(
            Caller(issuer=_ISSUER, subject=name, name=name, granted=user.granted),
            user.password.get_secret_value(),
        )
        for name, user in core.settings.repositories.users.items()
    }
    return PasswordVerifier(accounts, WrongPasswords(core.database, clock), clock)
