"""JSON bodies: bounded, and read by one parser."""

from flask import request
from pydantic_core import from_json

from filemanager.domain.errors import RequestTooLarge


class NoJson(ValueError):
    """Not JSON, or nested too deeply."""


def sent_bytes(most_bytes: int) -> bytes:
    """The body, to be asked for any number of times. Raises ``RequestTooLarge``."""
    if (request.content_length or 0) > most_bytes:
        raise RequestTooLarge(most_bytes)
    # One more: a body that does not tell its length would be cut off there, and nobody told.
    request.max_content_length = most_bytes + 1
    sent = request.get_data()
    if len(sent) > most_bytes:
        raise RequestTooLarge(most_bytes)
    return sent


def parsed_json(text: bytes) -> object:
    """Raises ``NoJson``, for NaN, lone surrogates and great depth too."""
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise NoJson("It is not JSON, or is nested too deeply.") from error
