"""What packages promise to do later."""

from collections.abc import Iterable

from filemanager.domain.jobs.job import Lane, Task, Trying
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.packages.pointer import Pointer, PointerId, PointerState

HASH = "hash_pointer"
FREEZE = "freeze_package"
ADD = "add_to_package"
POINTER, PACKAGE = "pointer", "package"


def hash_tasks(pointers: Iterable[Pointer]) -> list[Task]:
    """Those whose digests are not known: each is hashed once, for all packages."""
    return [hash_task(one.id) for one in pointers if one.sha256 is None and _is_to_come(one)]


def hash_task(pointer_id: PointerId) -> Task:
    """Never given up: what is gone, or another by now, is told by the pointer's state."""
    return Task(
        kind=HASH,
        lane=Lane.HASH,
        payload={POINTER: pointer_id},
        key=f"hash {pointer_id}",
        patience=Trying.UNTIL_DONE,
    )


def freeze_task(package_id: DataPackageId, **told: str | int) -> Task:
    """Freeze when all digests are known."""
    return Task(kind=FREEZE, lane=Lane.SHORT, payload={PACKAGE: package_id, **told})


def add_task(package_id: DataPackageId, **told: str) -> Task:
    return Task(kind=ADD, lane=Lane.LONG, payload={PACKAGE: package_id, **told})


def _is_to_come(pointer: Pointer) -> bool:
    return pointer.state is PointerState.PENDING
