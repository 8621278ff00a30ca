"""Answers that many tests expect, and everything that a service shows."""

from typing import Any

from werkzeug.test import TestResponse

from people.person import Person

Answer = tuple[int, Any]

NO_SESSION: Answer = (401, {"reason": "Not a valid session"})
BAD_TOKEN: Answer = (401, {"reason": "Invalid auth token"})
DENIED: Answer = (403, {"reason": "Access denied"})
NOT_ACTIVE: Answer = (403, {"reason": "upload workspace is not active."})
LOCKED: Answer = (403, {"reason": "upload workspace is locked."})
NO_WORKSPACE: Answer = (404, {"reason": "workspace not found"})
NO_FILE: Answer = (404, {"reason": "file not found"})
NO_CHECKPOINT: Answer = (404, {"reason": "checkpoint not found"})
NO_URL: Answer = (
    404,
    {
        "reason": "The requested URL was not found on the server. If you entered the URL manually"
        " please check your spelling and try again."
    },
)
WRONG_METHOD: Answer = (405, {"reason": "The method is not allowed for the requested URL."})
DELETED: Answer = (404, {"reason": "Request failed. Workspace has been deleted."})
EMPTY: Answer = (400, {"reason": "workspace is empty"})


def answer(response: TestResponse) -> Answer:
    """The status and the JSON of a response."""
    assert response.mimetype == "application/json"
    return response.status_code, response.get_json()


def everything(staff: Person) -> dict[str, Any]:
    """All that the API shows of every workspace, also of deleted ones.

    The service log is left out: reading it writes it.
    """
    listed = staff.get("/v2/workspaces").get_json()["workspaces"]
    deleted = staff.get("/v2/workspaces?status=DELETED").get_json()["workspaces"]
    return {
        "workspaces": listed,
        "deleted": deleted,
        "living": {one["id"]: _workspace(staff, f"/{one['id']}") for one in listed},
        "logs": {one["id"]: staff.get(f"/{one['id']}/log").text for one in [*listed, *deleted]},
    }


def paths(summary: dict[str, Any]) -> list[str]:
    """The public paths of a summary, in its order."""
    return [file["public_filepath"] for file in summary["files"]]


def _workspace(staff: Person, place: str) -> dict[str, Any]:
    v2 = f"/v2/workspaces{place}"
    content = staff.get(f"{place}/content")
    removed = staff.get(f"{v2}/entries?area=removed&limit=1000").get_json()
    return {
        "summary": staff.get(place).get_json(),
        "checkpoints": staff.get(f"{place}/list_checkpoints").get_json(),
        "content": (content.headers["ETag"], content.data),
        "row": staff.get(v2).get_json(),
        "entries": staff.get(f"{v2}/entries?limit=1000").get_json(),
        "removed": removed,
        "findings": staff.get(f"{v2}/findings").get_json(),
    }
