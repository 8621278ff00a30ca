"""How many files are missing of listed workspaces: the same as their pages say, asked once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from filemanager.domain.ids import Revision, WorkspaceId
from filemanager.domain.trees.findings import Finding
from filemanager.services.workspaces.advice import AdviceService
from filemanager.services.workspaces.checking.missing import MissingFiles
from filemanager.services.workspaces.life import Wishes, WorkspaceService
from worlds.stored import ALICE, ROOM, World

PAPER = b"\\documentclass{article}\n\\begin{document}\n\\input{results}\n\\end{document}\n"


@dataclass
class CountingAdvice:
    advice: AdviceService
    asked: list[WorkspaceId] = field(default_factory=list)

    def of(self, workspace_id: WorkspaceId, revision: Revision) -> Sequence[Finding]:
        self.asked.append(workspace_id)
        return self.advice.of(workspace_id, revision)


def counting(world: World, **limits: int) -> CountingAdvice:
    return CountingAdvice(AdviceService(world.database, world.blobs, **limits))


def missing_files(advice: CountingAdvice, most_files: int = 100) -> MissingFiles:
    return MissingFiles(cast("AdviceService", advice), most_files)  # all that is called is there


def filled(world: World, files: Mapping[str, bytes], profile: str = "arxiv") -> WorkspaceId:
    service = WorkspaceService(world.database, ROOM, world.clock)
    workspace_id = service.create(ALICE, Wishes(profile=profile)).id
    world.upload(workspace_id, files)
    return workspace_id


def ask(world: World, missing: MissingFiles, *ids: WorkspaceId) -> Mapping[WorkspaceId, int]:
    with world.database.read() as tx:
        workspaces = [tx.workspaces.get(one) for one in ids]
    return missing.of(workspaces)


def test_each_workspace_is_looked_at_once_for_each_revision(world: World) -> None:
    broken = filled(world, {"main.tex": PAPER})
    advice = counting(world)
    missing = missing_files(advice)

    found = [ask(world, missing, broken) for _ in range(2)]
    world.upload(broken, {"results.tex": b"All rings are round.\n"})
    found.append(ask(world, missing, broken))

    assert found == [{broken: 1}, {broken: 1}, {broken: 0}]
    assert advice.asked == [broken, broken]


def test_of_no_other_profile_is_anything_asked(world: World) -> None:
    other = filled(world, {"main.tex": PAPER}, "generic")
    advice = counting(world)

    assert ask(world, missing_files(advice), other) == {other: 0}
    assert advice.asked == []


def test_what_was_not_looked_at_in_full_is_left_out_and_asked_again(world: World) -> None:
    broken = filled(world, {"main.tex": PAPER, "b.tex": b"B\n"})
    advice = counting(world, max_new_files=1)
    missing = missing_files(advice)

    assert [ask(world, missing, broken) for _ in range(3)] == [{}, {broken: 1}, {broken: 1}]


def test_a_list_looks_at_so_many_files_and_the_next_goes_on(world: World) -> None:
    papers = [filled(world, {"main.tex": PAPER}) for _ in range(3)]
    missing = missing_files(counting(world), most_files=2)

    seen = [len(ask(world, missing, *papers)) for _ in range(2)]

    assert seen == [2, 3]
