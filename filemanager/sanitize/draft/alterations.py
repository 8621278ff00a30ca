"""What was done to files, with before and after, as people are told of it."""

from filemanager.domain.blobs.blob import Content
from filemanager.domain.ids import Digest
from filemanager.domain.trees.tree import Alteration, Altered
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.actions import Remove, Replace
from filemanager.sanitize.draft.pending import Pending


class Alterations:
    """In the order they were made; ``contents`` are those that they name."""

    def __init__(self) -> None:
        self.made: list[Altered] = []
        self.contents: dict[Digest, Content] = {}

    def removed(self, file: Pending, action: Remove) -> None:
        self.name(file.content)
        self.made.append(
            Altered(
                alteration=Alteration.REMOVED,
                code=action.code,
                before=file.public_path,
                before_digest=file.digest,
                message=escaped(action.reason),
            )
        )

    def renamed(self, before: str, file: Pending, code: str) -> None:
        """*before* is the public path it had."""
        self.made.append(
            Altered(
                alteration=Alteration.RENAMED,
                code=code,
                before=before,
                after=file.public_path,
                message=escaped(f"'{before}' is called '{file.public_path}' now."),
            )
        )

    def rewritten(self, file: Pending, action: Replace) -> None:
        """Call before the content is replaced."""
        self.name(file.content)
        self.name(action.content)
        if file.rewritten_as is None:
            file.rewritten_as = len(self.made)
        self.made.append(
            Altered(
                alteration=Alteration.REWRITTEN,
                code=action.code,
                before=file.public_path,
                after=file.public_path,
                before_digest=file.digest,
                after_digest=action.content.digest,
                message=escaped(action.message),
                file=file.rewritten_as,
                before_bytes=file.size_bytes,
                before_kind=file.kind,
            )
        )

    def unpacked(self, archive: Pending, code: str, after: Pending | None = None) -> None:
        """It gave way to what was in it; its own bytes are not kept."""
        path = archive.public_path
        message = f"'{path}' was unpacked." if after is None else f"'{path}' was decompressed."
        self.made.append(
            Altered(
                alteration=Alteration.UNPACKED,
                code=code,
                before=archive.public_path,
                after=after.public_path if after else None,
                message=escaped(message),
            )
        )

    def name(self, content: Content | None) -> None:
        """None: the content is in the tree already."""
        if content is not None:
            self.contents[content.digest] = content
