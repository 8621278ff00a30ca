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
    "Idempotency-Key": "1 to 255 visible ASCII characters, quoted or bare. A request that is sent"
    " again within 24 hours with the same key and body is answered again, and not run again; with"
    " another body it is 422, while the first still runs 409.",
    "If-Match": "Act only on one of these states.",
    "If-Modified-Since": "Answer 304 where nothing has changed since; tags win.",
    "If-None-Match": "Answer 304 for one of these states; `*` on PUT: create only.",
    "If-Range": "The state that `Range` is meant for: a tag, or a date.",
    "If-Unmodified-Since": "Act only where nothing has changed since; tags win.",
    "Last-Event-ID": "The event seen last; what is known already is not sent again.",
    "Last-Modified": "When the state came about.",
    "Link": "The next page of a list.",
    "Location": "Where the result is.",
    "Preference-Applied": "`return=minimal` or `respond-async` where it was asked for and done.",
    "Vary": "The request headers that chose among representations.",
    "Prefer": "`return=minimal` spares the answer's body; `respond-async` makes a job of long work,"
    " answered by 202 (RFC 7240).",
    "Range": "One range of bytes.",
    "RateLimit": "What is left to an address without a token in this minute.",
    "RateLimit-Policy": "How many uploads without a token an address may make in a minute.",
    "Repr-Digest": "The SHA-256 of the file (RFC 9530).",
    "Retry-After": "Seconds to wait before the next try.",
    "WWW-Authenticate": "What token is wanted (RFC 6750).",
    "Want-Repr-Digest": "`md5=1` asks for the MD5 beside the SHA-256 (RFC 9530).",
    "X-Request-ID": "The request's id in the service's log; one sent along is taken over.",
    "Cache-Control": "Who may keep the answer.",
    "Tus-Resumable": "The version of the tus protocol: `1.0.0`.",
    "Upload-Checksum": "`sha1`, `md5` or `sha256` and the digest of the body in base64 (tus).",
    "Upload-Concat": "`partial`, or `final;` and the URLs of the parts (tus).",
    "Upload-Defer-Length": "`1`: the length is told later (tus).",
    "Upload-Expires": "When the upload is forgotten unless it was received (tus).",
    "Upload-Length": "The bytes of the whole upload (tus).",
    "Upload-Metadata": "Keys, each with a value in base64 (tus).",
    "Upload-Offset": "The bytes that are safe; those sent follow them (tus).",
    "X-HTTP-Method-Override": "The method that is meant.",
}
