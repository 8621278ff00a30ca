"""What the headers mean that requests and answers carry, for the description of the API."""

from collections.abc import Mapping

HEADERS: Mapping[str, str] = {
    "ARXIV-OWNER": "The subject that owns the workspace.",
    "Accept-Ranges": "Always `bytes`.",
    "Content-Digest": "Digests of the body sent (RFC 9530): sha-256 and md5 are checked.",
    "Content-Disposition": "The name to save under.",
    "Content-Length": "The exact length, also of an archive that is made while it is sent.",
    "Content-Range": "The range sent.",
    "ETag": "Names the state. Quoted in v2; bare on the drop-in routes.",
    "If-Match": "Act only on one of these states.",
    "If-None-Match": "Answer 304 for one of these states; `*` on PUT: create only.",
    "If-Range": "The state that `Range` is meant for.",
    "Last-Modified": "When the state came about.",
    "Link": "The next page of a list.",
    "Location": "Where the result is.",
    "Preference-Applied": "`return=minimal` where it was asked for and done.",
    "Vary": "The request headers that chose among representations.",
    "Prefer": "`return=minimal` spares the answer's body (RFC 7240).",
    "Range": "One range of bytes.",
    "Repr-Digest": "The SHA-256 of the file (RFC 9530).",
    "Retry-After": "Seconds to wait before the next try.",
    "WWW-Authenticate": "What token is wanted (RFC 6750).",
    "Want-Repr-Digest": "`md5=1` asks for the MD5 beside the SHA-256 (RFC 9530).",
    "X-Request-ID": "The request's id in the service's log; one sent along is taken over.",
}
