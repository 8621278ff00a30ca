"""Clients that keep their connection: each asks twenty times in turn, and tells the statuses."""

import asyncio
import http.client
import io
import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import aiohttp
import httpx
import requests

ROUNDS = 20
CLIENTS = Path(__file__).parents[1] / "e2e" / "clients"
FORM_TYPE = "multipart/form-data; boundary=b"
FORM = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.tex"\r\n\r\n'
    + b"text " * 20_000
    + b"\r\n--b--\r\n"
)

Refused = Callable[[str, str, int], list[int]]
"""URL, path to PUT without a token, size of the body: the statuses of it and of a probe."""

Redirected = Callable[[str, str, str], list[int]]
"""URL, path without its slash, token: the statuses of a form that is posted there."""


def standard_library(url: str, path: str, size: int) -> list[int]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    statuses = []
    for _ in range(ROUNDS):
        statuses.append(_asked(connection, "PUT", path, bytes(size)).status)
        statuses.append(_asked(connection, "GET", "/livez").status)
    connection.close()
    return statuses


def with_requests(url: str, path: str, size: int) -> list[int]:
    with requests.Session() as session:
        return [
            answer.status_code
            for _ in range(ROUNDS)
            for answer in (session.put(url + path, bytes(size)), session.get(f"{url}/livez"))
        ]


def with_httpx(url: str, path: str, size: int) -> list[int]:
    with httpx.Client(trust_env=False, timeout=60) as client:
        return [
            answer.status_code
            for _ in range(ROUNDS)
            for answer in (client.put(url + path, content=bytes(size)), client.get(f"{url}/livez"))
        ]


def with_aiohttp(url: str, path: str, size: int) -> list[int]:
    async def ask() -> list[int]:
        statuses = []
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
            for _ in range(ROUNDS):
                async with session.put(url + path, data=io.BytesIO(bytes(size))) as answer:
                    statuses.append(answer.status)
                async with session.get(f"{url}/livez") as answer:
                    statuses.append(answer.status)
        return statuses

    return asyncio.run(ask())


def with_axios(url: str, path: str, size: int) -> list[int]:
    return _node("kept_connection.mjs", url, path, str(size))


REFUSED: Mapping[str, Refused] = {
    "standard library": standard_library,
    "requests": with_requests,
    "httpx": with_httpx,
    "aiohttp": with_aiohttp,
    "axios": with_axios,
}


def standard_library_redirected(url: str, path: str, token: str) -> list[int]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    headers = {"Authorization": token, "Content-Type": FORM_TYPE}
    statuses = []
    for _ in range(ROUNDS):
        told = _asked(connection, "POST", path, FORM, headers).getheader("Location")
        place = urlsplit(urljoin(url + path, str(told))).path
        statuses.append(_asked(connection, "POST", place, FORM, headers).status)
    connection.close()
    return statuses


def requests_redirected(url: str, path: str, token: str) -> list[int]:
    headers = {"Authorization": token, "Content-Type": FORM_TYPE}
    with requests.Session() as session:
        posts = (session.post(url + path, FORM, headers=headers) for _ in range(ROUNDS))
        return [post.status_code for post in posts]


def httpx_redirected(url: str, path: str, token: str) -> list[int]:
    headers = {"Authorization": token, "Content-Type": FORM_TYPE}
    with httpx.Client(trust_env=False, timeout=60, follow_redirects=True) as client:
        posts = (client.post(url + path, content=FORM, headers=headers) for _ in range(ROUNDS))
        return [post.status_code for post in posts]


def aiohttp_redirected(url: str, path: str, token: str) -> list[int]:
    headers = {"Authorization": token, "Content-Type": FORM_TYPE}

    async def ask() -> list[int]:
        statuses = []
        async with aiohttp.ClientSession(headers=headers) as session:
            for _ in range(ROUNDS):
                async with session.post(url + path, data=FORM) as answer:
                    statuses.append(answer.status)
        return statuses

    return asyncio.run(ask())


def axios_redirected(url: str, path: str, token: str) -> list[int]:
    return _node("redirected.mjs", url, path, token=token)


REDIRECTED: Mapping[str, Redirected] = {
    "standard library": standard_library_redirected,
    "requests": requests_redirected,
    "httpx": httpx_redirected,
    "aiohttp": aiohttp_redirected,
    "axios": axios_redirected,
}


def _asked(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> http.client.HTTPResponse:
    connection.request(method, path, body or None, dict(headers or {}))
    answer = connection.getresponse()
    answer.read()
    return answer


def _node(script: str, *arguments: str, token: str = "") -> list[int]:
    done = subprocess.run(
        ["node", str(CLIENTS / script), *arguments],
        env={"PATH": os.environ["PATH"], "TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    statuses: list[int] = json.loads(done.stdout)
    return statuses
