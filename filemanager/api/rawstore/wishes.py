"""Reading what the rawstore door is sent."""

import base64
import binascii
import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes

from flask import request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, ValidationError
from pydantic_core import PydanticCustomError

from filemanager.api.http.bodies import NoJson, parsed_json, sent_bytes
from filemanager.api.http.context import base_url
from filemanager.domain.rawstore.path_pattern import POLICY_VARIABLE, WITH_VARIABLE
from filemanager.domain.rawstore.stored_file import (
    MAX_POST_BYTES,
    Deposit,
    DepositedFile,
    DepositRefused,
    Findability,
    NotJson,
)

MAX_BODY_BYTES = 4 << 20
MAX_FILES = 1000

DEPOSIT: Mapping[str, Any] = {
    "type": "object",
    "required": ["metadata", "filedata"],
    "properties": {
        "metadata": {
            "type": "object",
            "required": ["owner"],
            "properties": {
                "owner": {"type": "string"},
                "dataset": {"type": "string"},
                "name": {"type": "string"},
                "findability": {"type": "string", "enum": list(Findability)},
                "flow_id": {"type": "string"},
            },
        },
        "filedata": {
            "type": "object",
            "maxProperties": MAX_FILES,
            "additionalProperties": {
                "type": "object",
                "required": ["length", "md5"],
                "properties": {
                    "length": {"type": "integer", "minimum": 0, "maximum": MAX_POST_BYTES},
                    "md5": {"type": "string"},
                    "type": {"type": "string"},
                    "name": {"type": "string"},
                },
            },
        },
    },
    "examples": [
        {
            "metadata": {"owner": "1", "dataset": "ds", "findability": "private"},
            "filedata": {
                "f.csv": {"length": 8, "md5": "CY9rzUYh03PK3k6DJie09g==", "type": "text/csv"}
            },
        }
    ],
}
"""The body for readers, in JSON Schema; ``name`` in ``metadata`` is an older ``dataset``."""

_MD5_BYTES = 16
_BARE_URL = re.compile(rb"(?:^|&)url=([A-Za-z]+://.*?)(?=&(?:ownerid|jwt)=|$)")
_HEX_MD5 = re.compile(r"[0-9A-Fa-f]{32}")

_Name = Annotated[str, Field(min_length=1, max_length=255)]


def _without_variables(text: str) -> str:
    if POLICY_VARIABLE in text:
        raise PydanticCustomError("policy_variable", WITH_VARIABLE)
    return text


_Text = Annotated[str, AfterValidator(_without_variables)]
_MediaType = Annotated[_Text, Field(max_length=255, pattern=r"^[!-~]+/[!-~][ -~]*$")]


class _Sent(BaseModel):
    """Unknown fields are passed over, as by the original; none of them is used."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class MetadataSent(_Sent):
    owner: _Name
    dataset: _Name | None = None
    name: _Name | None = None
    findability: Findability = Findability.PUBLISHED
    flow_id: _Name | None = None


class FileSent(_Sent):
    length: StrictInt = Field(ge=0, le=MAX_POST_BYTES)
    md5: str
    type: _MediaType = "text/plain"
    name: _Text | None = None


class DepositSent(_Sent):
    """``name`` is what an older client calls the ``dataset``."""

    metadata: MetadataSent
    filedata: Annotated[dict[str, FileSent], Field(max_length=MAX_FILES)]


def deposit_sent() -> Deposit:
    """The body of ``authorize``, whatever its content type. Raises ``NotJson``,
    ``DepositRefused`` naming the first field that is wrong, or ``RequestTooLarge``.
    """
    try:
        sent = DepositSent.model_validate(_json())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise DepositRefused(_place(first["loc"]), _uncapitalized(first["msg"])) from error
    metadata = sent.metadata
    return Deposit(
        owner=metadata.owner,
        dataset=metadata.dataset or metadata.name,
        findability=metadata.findability,
        flow_id=metadata.flow_id,
        files=tuple(_wishes(sent.filedata)),
    )


def urls_asked() -> Sequence[str]:
    """What the parameter ``url`` may mean, the likeliest first.

    BitStore's client puts it last and escapes little: ``&`` and ``+`` are the URL's own then, and
    letters may be of Latin-1.
    """
    decoded = request.args.get("url", "").removeprefix(base_url())
    bare = _BARE_URL.search(request.query_string)
    if bare is None:
        return (decoded,)
    return _text(unquote_to_bytes(bare[1])).removeprefix(base_url()), decoded


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def findability_asked() -> Findability | None:
    """Raises ``DepositRefused``."""
    asked = request.args.get("findability")
    if asked is None:
        return None
    if asked not in frozenset(Findability):
        raise DepositRefused("findability", f"it is none of {', '.join(Findability)}")
    return Findability(asked)


def _wishes(files: Mapping[str, FileSent]) -> Iterator[DepositedFile]:
    for path, file in files.items():
        yield DepositedFile(
            path=path,
            size_bytes=file.length,
            md5=_md5(path, file.md5),
            media_type=file.type,
            name=file.name or posixpath.basename(path),
        )


def _md5(path: str, text: str) -> str:
    """Base64 as the store wants it, or hex as some clients write it."""
    if _HEX_MD5.fullmatch(text):
        return text.lower()
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != _MD5_BYTES:
        raise DepositRefused(f"filedata['{path}'].md5", "it is not an MD5 in base64")
    return digest.hex()


def _json() -> object:
    data = sent_bytes(MAX_BODY_BYTES)
    try:
        return parsed_json(data)
    except NoJson as error:
        raise NotJson(_words_of(data)) from error


def _words_of(data: bytes) -> str:
    """What the original's parser says is wrong: its clients were shown that."""
    try:
        json.loads(data)
    except RecursionError:
        return "The JSON is nested too deeply."
    except UnicodeDecodeError:
        return "The JSON is not in UTF-8."
    except ValueError as error:
        return str(error)
    return "The body is no JSON that every reader takes the same way."


def _place(location: tuple[int | str, ...]) -> str:
    """Written as the request's author would: ``filedata['a.csv'].length``."""
    if not location:
        return "body"
    is_file = location[0] == "filedata" and len(location) > 1
    if not is_file:
        return ".".join(map(str, location))
    return ".".join([f"filedata['{location[1]}']", *map(str, location[2:])])


def _uncapitalized(message: str) -> str:
    return message[:1].lower() + message[1:]
