"""What repositories promise to do later."""

from filemanager.domain.jobs.job import Task, Trying

PUBLISH = "publish_repository"
MIRROR = "mirror_repository"
PATH = "path"


def publish_task(path: str) -> Task:
    """Publish the repository: never given up, and one at a time."""
    return Task(
        kind=PUBLISH, payload={PATH: path}, key=f"publish {path}", patience=Trying.UNTIL_DONE
    )


def mirror_task(path: str) -> Task:
    """Write what is published to the bucket that clients read: likewise."""
    return Task(kind=MIRROR, payload={PATH: path}, key=f"mirror {path}", patience=Trying.UNTIL_DONE)
