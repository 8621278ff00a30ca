"""The command ``filemanager``: which commands there are, each imported when it is asked for."""

import gc
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import click
from click.shell_completion import CompletionItem

from filemanager.api.about.version import VERSION
from filemanager.commands.ending import EXIT_FOUND
from filemanager.domain.errors import FilemanagerError


@dataclass(frozen=True, slots=True)
class Late:
    """A command by its module in ``commands`` and its name there; *short* is a line of help."""

    module: str
    name: str
    short: str


LATE: Mapping[str, Late] = {
    "add-source": Late("sources", "add_source", "Connect a bucket, as package-r did."),
    "bucket": Late("bucket", "bucket", "Look after what came in through the bucket door."),
    "changes": Late("workspaces.checks", "changes", "List what checks did to the files sent last."),
    "check": Late("workspaces.checks", "check", "Check every file of a workspace again."),
    "checkpoint": Late("workspaces.versions", "checkpoint", "Name a workspace's present state."),
    "checkpoints": Late("workspaces.versions", "checkpoints", "List the checkpoints there are."),
    "completion": Late("completion", "completion", "Print what makes a shell complete commands."),
    "config": Late("config", "show_config", "List every setting: variable, default, meaning."),
    "delete": Late("workspaces.states", "delete", "Delete a workspace for good."),
    "diff": Late("workspaces.versions", "diff", "List the files that differ in two revisions."),
    "download": Late("workspaces.files", "download", "Fetch one file of a workspace, verified."),
    "export": Late("operations", "export_all", "Write everything into a new directory."),
    "findings": Late("workspaces.checks", "findings", "List what checks say of a workspace."),
    "fsck": Late("operations", "fsck", "Compare the database with the store."),
    "gc": Late("operations", "gc", "Delete what nothing refers to any more."),
    "import": Late("operations", "import_all", "Read everything from an exported directory."),
    "lock": Late("workspaces.states", "lock", "Refuse changes of the files of a workspace."),
    "log": Late("workspaces.versions", "log", "Show what happened to a workspace, oldest first."),
    "ls": Late("workspaces.files", "ls", "List the files of a workspace: SHA-256, bytes, path."),
    "migrate": Late("setup", "migrate_tables", "Bring the tables up to date."),
    "mv": Late("workspaces.files", "mv", "Rename a file of a workspace."),
    "openapi": Late("openapi", "openapi", "Print the description of the API."),
    "packages": Late("sources", "packages_group", "Look after data packages."),
    "profiles": Late("profiles", "profiles", "List the profiles of workspaces."),
    "pull": Late("workspaces.pull", "pull", "Fetch the files of a workspace, each verified."),
    "push": Late("workspaces.push", "push", "Send the files of a directory to a workspace."),
    "receipt": Late("workspaces.states", "receipt", "Print what a workspace holds, signed."),
    "release": Late("workspaces.states", "release", "Say that a workspace is no longer needed."),
    "remove-source": Late("sources", "remove_source", "Forget a source: `sources remove`."),
    "repo": Late("repo", "repo", "Fill and look after apt and yum repositories."),
    "restore": Late("workspaces.versions", "restore", "Go back to a checkpoint of a workspace."),
    "rm": Late("workspaces.files", "rm", "Delete files and directories of a workspace."),
    "scrub": Late("operations", "scrub", "Read every file again, quarantine damaged ones."),
    "serve": Late("serve", "serve", "Serve until SIGTERM, which drains."),
    "sources": Late("sources", "sources_group", "Connect buckets that packages point into."),
    "store": Late("store", "store", "Look after the store that files lie in."),
    "tasks": Late("tasks", "tasks", "List tasks of the service's own that failed."),
    "token": Late("token", "token", "Print a token for development."),
    "undelete": Late("workspaces.files", "undelete", "Bring back a file of a workspace."),
    "unlock": Late("workspaces.states", "unlock", "Allow changes of the files again."),
    "unrelease": Late("workspaces.states", "unrelease", "Take the release of a workspace back."),
    "verify": Late("verify", "verify", "Check a download against its signed statement."),
    "worker": Late("worker", "worker", "Run jobs and periodic work without serving."),
    "workspaces": Late("workspaces.states", "workspaces", "List the token's workspaces."),
}


class LateCommands(click.Group):
    """``--help`` imports no command, and a command no other: the server's parts take a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(LATE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        late = LATE.get(cmd_name)
        if late is None:
            return None
        found = getattr(_imported(f"filemanager.commands.{late.module}"), late.name)
        assert isinstance(found, click.Command)  # noqa: S101  # a table of ours, and a test
        return found

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """As the library's, which would import every command for its line of help."""
        names = [
            CompletionItem(name, help=late.short)
            for name, late in sorted(LATE.items())
            if name.startswith(incomplete)
        ]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, late.short) for name, late in sorted(LATE.items())])


def _imported(module: str) -> ModuleType:
    """Import it without looks for garbage, and leave what was made out of every later one.

    Modules live as long as the process. To look through them again and again while they come is
    a tenth of the start of a server, and would write to pages that forked processes share.
    """
    if module in sys.modules:
        return sys.modules[module]
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.freeze()
        gc.enable()


@click.group(cls=LateCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="filemanager")
def main() -> None:
    """Keep workspaces of files: serve them, look after them, move them, and use them from afar.

    Every setting is an environment variable; `filemanager config` lists them. Commands for what
    people have there (push, pull, findings, workspaces, repo …) use the service at FILEMANAGER_URL
    with the token in FILEMANAGER_TOKEN.
    """


def run() -> None:
    """The entry point: refusals are one line and exit code 1, never a traceback."""
    try:
        main()
    except FilemanagerError as error:
        click.echo(f"filemanager: {error.message}", err=True)
        sys.exit(EXIT_FOUND)
