"""One JSON body of each kind, for the description of the API: the model takes it as it is."""

from collections.abc import Mapping
from typing import Any

from filemanager.api.about.sample_values import DIGEST, LATER, OWNER, REPOSITORY

REQUESTS: Mapping[str, Any] = {
    "AddBody": {"source": "rings", "prefix": "2026/", "to": "data"},
    "CheckpointWish": {"name": "submitted", "description": "As it was sent to the editor."},
    "CheckpointedBody": {"workspace": 17, "checkpoint": 3, "name": "Tree rings"},
    "CredentialsWish": {"access_key": "AKIAEXAMPLE", "secret_key": "the-secret-of-the-key"},
    "DescriptionChange": {"license": "CC-BY-4.0", "keywords": ["oak", "climate"]},
    "DescriptionWish": {
        "name": "Tree rings",
        "description": "Widths of oak rings.",
        "license": "CC0-1.0",
        "creators": ["Ada Lovelace"],
    },
    "EditedInvitationWish": {"closes_at": LATER, "max_guests": 40},
    "EditedShareWish": {"expires": LATER, "max_visits": 100},
    "FetchWish": {"workspace": 17, "path": "tiny_1.0-1_amd64.deb", "product": "tiny"},
    "FreezeBody": {"name": "v1"},
    "GrantBody": {
        "workspace": 17,
        "files": [{"path": "table.csv", "size": 8, "sha256": DIGEST, "type": "text/csv"}],
    },
    "GrantedFileWish": {"path": "table.csv", "size": 8, "sha256": DIGEST, "type": "text/csv"},
    "ItemMoveWish": {"from": "data/", "to": "rings/"},
    "KnockWish": {"answers": {"name": "Ada Lovelace"}},
    "KnownBytesBody": {"sha256": [DIGEST]},
    "LockWish": {"reason": "Under review.", "expires_at": LATER},
    "MoveWish": {"source": "fig/note.txt", "target": "fig/remark.txt"},
    "NewInvitationWish": {
        "title": "Papers of the workshop",
        "profile": "arxiv",
        "closes_at": LATER,
        "max_files": 1000,
        "max_bytes": 1073741824,
        "max_file_bytes": 52428800,
        "ask": ["name", "email"],
    },
    "NewKeyWish": {"name": "reviewer 2", "expires": LATER},
    "NewShareWish": {"version": 1, "slug": "tree-rings", "expires": LATER, "audience": [OWNER]},
    "PartsBody": {"parts": [{"number": 1, "sha256": DIGEST}]},
    "PointerWish": {"source": "rings", "key": "2026/oak.csv"},
    "PresignWish": {"paths": ["data/oak.csv"]},
    "PromotionWish": {"from": REPOSITORY, "packages": [5]},
    "RotatedShareWish": {"slug": "tree-rings-2"},
    "RuleWish": {"visibility": "private", "keep_latest": 5},
    "SnapshotWish": {"name": "stable", "edition": "12"},
    "SourceChangeWish": {"readers": [OWNER]},
    "SourceWish": {
        "name": "rings",
        "kind": "s3",
        "bucket": "rings",
        "endpoint": "https://s3.example.org",
        "readers": ["*"],
    },
    "UndeleteWish": {"path": "fig/note.txt"},
    "WantedKeyWish": {"key": "2026/oak.csv", "path": "data/oak.csv"},
    "WantedPart": {"number": 1, "sha256": DIGEST},
    "WorkspaceWish": {"name": "My paper", "profile": "arxiv", "metadata": {"journal": "J. Oaks"}},
}
"""By the name of the model."""
