"""Where an answer leads, as a client works it out."""

from urllib.parse import urljoin, urlsplit

import requests
from werkzeug.test import TestResponse

_Answer = TestResponse | requests.Response


def led_to(answer: _Answer) -> str:
    """The path of its ``Location``, which may be relative to what was asked."""
    return urlsplit(urljoin(answer.request.url or "", answer.headers["Location"])).path


def status_of(answer: requests.Response) -> str:
    """The path of the job that its ``Link`` names."""
    return urlsplit(urljoin(answer.url, answer.links["status"]["url"])).path


def next_of(answer: _Answer) -> str:
    """The address of the next page, below the host; empty on the last."""
    told = answer.headers.get("Link", "")
    if not told:
        return ""
    place = urlsplit(urljoin(answer.request.url or "", told.partition(";")[0].strip("<>")))
    return f"{place.path}?{place.query}"
