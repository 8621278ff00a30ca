"""Whatever people do and whenever the sweeper runs, what they can reach is whole."""

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from builders.papers import a_tarball
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.workspaces.checkpoint import Checkpoint
from filemanager.storage.scratch.file import MemoryContent
from random_examples import examples
from worlds.stored import ALICE, GRACE, HISTORY, beside_rows, new_world

Files = dict[str, bytes]

PATHS = st.sampled_from(["a.txt", "b.txt", "d/c.txt"])
# Few, so that digests come again, and of unlike sizes, so that packs become sparse.
CONTENTS = {
    "short": b"one",
    "text": b"two" * 500,
    "mixed": bytes(range(256)) * 8,
    "large": bytes(1 << 20),
}
NAMES = st.sampled_from(sorted(CONTENTS))
TIMES = st.sampled_from([timedelta(minutes=1), GRACE / 2, GRACE, HISTORY])


FEW = settings(examples(30), stateful_step_count=30)


class Store(RuleBasedStateMachine):
    """The model: the files of each workspace and of each checkpoint."""

    def __init__(self, directory: Path, migrated_file: Path) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.world = beside_rows(self._stack.enter_context(new_world(directory, migrated_file)))
        self.living: dict[WorkspaceId, Files] = {}
        self.pinned: dict[int, tuple[WorkspaceId, Checkpoint, Files]] = {}
        self.create()

    @rule()
    def create(self) -> None:
        self.living[self.world.create()] = {}

    @precondition(lambda self: self.living)
    @rule(data=st.data(), path=PATHS, content=NAMES)
    def upload(self, data: st.DataObject, path: str, content: str) -> None:
        workspace = self._workspace(data)
        self.world.upload(workspace, {path: CONTENTS[content]})
        self.living[workspace][path] = CONTENTS[content]

    @precondition(lambda self: self.living)
    @rule(data=st.data(), names=st.dictionaries(PATHS, NAMES, min_size=2))
    def upload_archive(self, data: st.DataObject, names: dict[str, str]) -> None:
        workspace = self._workspace(data)
        files = {path: CONTENTS[name] for path, name in names.items()}
        self.world.send(workspace, "sent.tar.gz", a_tarball(files), unpack=True)
        self.living[workspace].update(files)

    @precondition(lambda self: any(self.living.values()))
    @rule(data=st.data())
    def delete_file(self, data: st.DataObject) -> None:
        workspace = data.draw(st.sampled_from([key for key, files in self.living.items() if files]))
        path = data.draw(st.sampled_from(sorted(self.living[workspace])))
        self.world.delete_file(workspace, path)
        del self.living[workspace][path]

    @precondition(lambda self: any(self.living.values()) and len(self.pinned) < 5)
    @rule(data=st.data())
    def checkpoint(self, data: st.DataObject) -> None:
        workspace = data.draw(st.sampled_from([key for key, files in self.living.items() if files]))
        made = self.world.checkpoints.create(ALICE, workspace)
        self.pinned[made.id] = workspace, made, dict(self.living[workspace])

    @precondition(lambda self: self.pinned)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        workspace, made, files = self.pinned[self._checkpoint(data)]
        self.world.checkpoints.restore(ALICE, workspace, made)
        self.living[workspace] = dict(files)

    @precondition(lambda self: self.pinned)
    @rule(data=st.data())
    def delete_checkpoint(self, data: st.DataObject) -> None:
        workspace, made, _ = self.pinned.pop(self._checkpoint(data))
        self.world.checkpoints.delete(ALICE, workspace, made)

    @precondition(lambda self: len(self.living) > 1)
    @rule(data=st.data())
    def delete_workspace(self, data: st.DataObject) -> None:
        self._delete(self._workspace(data))

    @rule(content=NAMES)
    def crash_before_the_commit(self, content: str) -> None:
        self.world.blobs.put([MemoryContent.of(CONTENTS[content])])

    @rule(by=TIMES)
    def wait(self, by: timedelta) -> None:
        self.world.clock.turn(by)

    @rule()
    def sweep(self) -> None:
        foreseen = self.world.sweeper.dry_run()

        done = self.world.sweeper.sweep()

        assert foreseen == done
        assert {key: self.world.files(key) for key in self.living} == self.living

    def teardown(self) -> None:
        """Everything can be had still; then nothing is needed, and nothing is left."""
        with self._stack:
            self.world.sweep_twice()
            assert {key: self.world.files(key) for key in self.living} == self.living
            for workspace, made, files in self.pinned.values():
                self.world.checkpoints.restore(ALICE, workspace, made)
                assert self.world.files(workspace) == files
            assert self.world.problems() == []
            for workspace in list(self.living):
                self._delete(workspace)
            self.world.sweep_twice()
            assert (self.world.digests(), self.world.keys()) == (set(), [])

    def _delete(self, workspace: WorkspaceId) -> None:
        self.world.delete(workspace)
        del self.living[workspace]
        self.pinned = {key: one for key, one in self.pinned.items() if one[0] != workspace}

    def _workspace(self, data: st.DataObject) -> WorkspaceId:
        return data.draw(st.sampled_from(sorted(self.living)))

    def _checkpoint(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(sorted(self.pinned)))


def test_what_can_be_reached_is_whole_and_the_rest_goes(
    tmp_path: Path, migrated_file: Path
) -> None:
    class Here(Store):
        def __init__(self) -> None:
            super().__init__(tmp_path / "world", migrated_file)

    run_state_machine_as_test(Here, settings=FEW)
