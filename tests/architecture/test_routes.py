"""Every route says who may use it, and keeps its word."""

from flask import Flask

from architecture.routes import operation_of, rules
from filemanager.api.about.guard import ReadsMetrics
from filemanager.api.bucket.guard import OfBucket
from filemanager.api.http.guards import AnyToken, Capability, Holds, Public
from filemanager.api.packages.guard import OwnsPackage
from filemanager.api.rawstore.guard import Deposits, OpenRawstore
from filemanager.api.repositories.guard import Basic, Keeps, OfFile, OpenRepositories
from filemanager.api.shares.guard import OnDoorstep, OpensShare, SharesPackage
from filemanager.api.uploads.guard import BringsUploads
from filemanager.api.workspaces.guard import Owns
from filemanager.api.workspaces.invitations.guard import IsGuest, KnowsLink
from filemanager.web.administration.guard import Administers
from filemanager.web.invitations.guard import GuestPage
from filemanager.web.packages.guard import OpensPackage
from filemanager.web.previews.guard import OpensPreview
from filemanager.web.session.guard import HandsOver, OpenPage, OpensWorkspace, SignedIn

ONE = "/repositories/api/<repository:repository>"
ONE_DATA_PACKAGE = "/packages/api/packages/<"
PAGE_OF_PACKAGE = "/packages/<"
_OF_SHARES = {
    "/": "shared.open_share",
    "/f/": "shared.show_top_index",
    "/f/<public_path:path>": "shared.get_shared_item",
    "/p/<public_path:path>.pointer": "shared.get_pointer",
    "/v/<public_path:path>": "shared.preview_item",
    "/o/<public_path:path>": "shared.open_shared_item",
    "/presign": "shared.presign_items",
    "/package.zip": "shared.get_archive",
    "/linkset.json": "shared.get_linkset",
    "/statement.json": "shared.get_statement",
    "/<share_document:name>": "shared.get_document",
    "/<share_pack:kind>.git/info/refs": "clones.list_references",
    "/<share_pack:kind>.git/git-upload-pack": "clones.upload_pack",
    "/dvc/files/md5/<share_hex:first>/<share_hex:rest>": "clones.get_dvc_object",
    "/dvc/files/md5/<share_hex:first>/<share_hex:rest>.dir": "clones.get_dvc_directory",
    "/lfs.git/info/lfs/objects/batch": "lfs.list_lfs_objects",
}
"""Below the name of a share, which asks for its password, and below a secret."""

OPEN_ROUTES = {
    ("/filemanager/api/status", "workspaces.get_status"),
    ("/livez", "about.check_liveness"),
    ("/readyz", "about.check_readiness"),
    ("/openapi.json", "about.get_openapi"),
    ("/docs", "about.show_docs"),
    ("/docs/problems/<code>", "about.explain_problem"),
    ("/docs/findings/<code>", "about.explain_finding"),
    ("/.well-known/filemanager-keys.json", "packages.datapackages.get_statement_keys"),
    ("/bucket/", "bucket.show_bucket"),
    ("/bucket/upload", "bucket.show_upload_form"),
    ("/bucket/upload/inspect", "bucket.show_inspection_form"),
    ("/bucket/checksum", "bucket.search_by_checksum"),
    ("/rawstore/", "rawstore.show_rawstore"),
    ("/rawstore/<public_path:rest>", "rawstore.show_rawstore_elsewhere"),
    ("/rawstore/presign", "rawstore.presign_file"),
    ("/rawstore/objects", "rawstore.post_object"),
    ("/rawstore/objects/<public_path:key>", "rawstore.get_object"),
    # Of repositories what is private is shown to nobody by them.
    ("/repositories/", "repositories.browse_repositories"),
    ("/repositories/index", "repositories.browse_index"),
    ("/repositories/<repository_path:path>", "repositories.get_published"),
    ("/repositories/KEY.asc", "repositories.get_signing_key"),
    ("/repositories/<repository_path:path>/KEY.asc", "repositories.get_repository_key"),
    ("/repositories/mirrorlist/<repository_path:path>/<arch>", "repositories.list_mirrors"),
    (
        "/repositories/api/<repository_path:path>/client.repo",
        "repositories.get_yum_client_file",
    ),
    (
        "/repositories/api/<repository_path:path>/client.sources",
        "repositories.get_apt_client_file",
    ),
    ("/repositories/api", "keeping.repositories.list_repositories"),
    (f"{ONE}", "keeping.repositories.get_repository"),
    (f"{ONE}/packages", "keeping.packages.list_packages"),
    (f"{ONE}/packages/<id:package_id>", "keeping.packages.get_package"),
    (f"{ONE}/publications", "keeping.publications.list_publications"),
    (f"{ONE}/publications/<edition>", "keeping.publications.get_publication"),
    (f"{ONE}/publications/<edition>/changes", "keeping.publications.list_publication_changes"),
    (f"{ONE}/diff", "keeping.publications.compare_publications"),
    (f"{ONE}/snapshots", "keeping.snapshots.list_snapshots"),
    (f"{ONE}/snapshots/<name>", "keeping.snapshots.get_snapshot"),
    *((f"/s/<share_slug:slug>{path}", f"slugs.{name}") for path, name in _OF_SHARES.items()),
    *((f"/k/<capability>{path}", f"capabilities.{name}") for path, name in _OF_SHARES.items()),
    ("/s/<share_slug:slug>/unlock", "slugs.doorstep.unlock_share"),
    # In front of what people sign in for.
    ("/", "pages.landing.show_landing"),
    ("/login", "pages.signing_in.show_sign_in"),
    ("/web/language", "pages.languages.choose_language"),
    ("/web/said", "pages.languages.say_again"),
    ("/login", "pages.signing_in.sign_in"),
    ("/login/<capability>", "pages.signing_in.show_handover"),
    ("/login/<capability>", "pages.signing_in.accept_handover"),
    ("/login/oidc", "pages.by_provider.go_to_provider"),
    ("/login/oidc/callback", "pages.by_provider.come_back"),
    # On an origin of its own, by what was signed for a session, or for a share.
    ("/c/<capability>", "pages.previews.show_content"),
    ("/c/s/<capability>", "pages.previews.show_shared_content"),
    # Whoever was given the link is invited, and gets a secret that opens what is his.
    ("/u/<invitation_slug:slug>", "invited.show_conditions"),
    ("/u/<invitation_slug:slug>", "invited.begin_as_guest"),
    ("/g/<capability>/", "guests.show_handed_in"),
    ("/g/<capability>/files", "guests.list_own_files"),
    ("/g/<capability>/files/<public_path:path>", "guests.get_own_file"),
    ("/g/<capability>/files/<public_path:path>", "guests.withdraw_own_file"),
    ("/g/<capability>/confirm", "guests.confirm_handed_in"),
    ("/g/<capability>/receipt.json", "guests.get_receipt"),
    ("/u/<invitation_slug:slug>/begin", "pages.guests.begin_by_form"),
    ("/g/<capability>/send", "pages.guests.send_by_form"),
    ("/g/<capability>/withdraw", "pages.guests.withdraw_by_form"),
    ("/g/<capability>/confirmed", "pages.guests.confirm_by_form"),
    ("/g/<capability>/receipt", "pages.guests.show_receipt"),
}
"""All that anybody may ask without a token. Pages are styled by files of ours beside them."""


def test_every_route_has_a_guard_that_we_know(app: Flask) -> None:
    for rule in rules(app):
        assert isinstance(
            operation_of(app, rule).guard,
            Owns
            | Holds
            | AnyToken
            | BringsUploads
            | KnowsLink
            | IsGuest
            | GuestPage
            | Capability
            | Public
            | Deposits
            | OpenRawstore
            | OfBucket
            | Basic
            | Keeps
            | OfFile
            | OpenRepositories
            | OwnsPackage
            | OpensShare
            | OnDoorstep
            | SharesPackage
            | OpenPage
            | SignedIn
            | OpensWorkspace
            | OpensPackage
            | Administers
            | HandsOver
            | OpensPreview
            | ReadsMetrics,
        ), rule


def test_open_routes_are_those_on_the_list(app: Flask) -> None:
    found = {
        (rule.rule, rule.endpoint)
        for rule in rules(app)
        if isinstance(
            operation_of(app, rule).guard,
            Public
            | OpenRawstore
            | OpenRepositories
            | OpensShare
            | OnDoorstep
            | KnowsLink
            | IsGuest
            | GuestPage
            | OpensPreview
            | OpenPage,
        )
    }

    assert found == OPEN_ROUTES


def test_a_route_with_a_workspace_asks_for_its_owner(app: Flask) -> None:
    for rule in rules(app):
        is_owned = isinstance(operation_of(app, rule).guard, Owns | OpensWorkspace)
        assert is_owned == ("workspace_id" in rule.arguments), rule


def test_a_route_with_a_package_asks_for_its_owner(app: Flask) -> None:
    for rule in rules(app):
        if rule.rule.startswith(ONE_DATA_PACKAGE):
            assert isinstance(operation_of(app, rule).guard, OwnsPackage | SharesPackage), rule
        if rule.rule.startswith(PAGE_OF_PACKAGE):
            assert isinstance(operation_of(app, rule).guard, OpensPackage), rule


def test_every_route_answers_with_something_described(app: Flask) -> None:
    for rule in rules(app):
        assert operation_of(app, rule).answers, rule
        assert app.view_functions[rule.endpoint].__doc__, rule
