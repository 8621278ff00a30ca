"""``Idempotency-Key``: a request that is sent again is answered again and not run again.

The header is that of draft-ietf-httpapi-idempotency-key-header.
"""

from collections.abc import Callable

from flask import make_response, request
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller, services
from filemanager.domain.requests.idempotency import Attempt, KeyPlace, key_from

HEADER = "Idempotency-Key"


def once(
    run: Callable[[], ResponseReturnValue],
    again: Callable[[str], ResponseReturnValue],
    body: bytes,
) -> ResponseReturnValue:
    """Run the request, or show the result again that it had under the same key.

    What is kept of a result is the id that its ``Location`` ends in, ``""`` without one: the answer
    is made anew from that, so that no secret of it is ever stored. A request that is refused, or
    fails, leaves its key free. Raises ``IdempotencyKeyMalformed``, ``IdempotencyKeyReused`` and
    ``RequestStillRunning``.
    """
    header = request.headers.get(HEADER)
    if header is None:
        return run()
    place = KeyPlace(caller().owner, str(request.endpoint), key_from(header))
    said = (request.path.encode(), request.query_string, body)
    found = services().idempotency.begin(place, said)
    return _ended(found, run) if isinstance(found, Attempt) else again(found)


def _ended(attempt: Attempt, run: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    keys = services().idempotency
    try:
        response = make_response(run())
    except BaseException:
        # A refusal does not burn the key, and what failed may be tried again at once.
        keys.release(attempt)
        raise
    keys.settle(attempt, (response.location or "").rpartition("/")[2])
    return response
