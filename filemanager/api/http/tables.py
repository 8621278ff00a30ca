"""Tables for spreadsheets, as files that are made while they are sent."""

from collections.abc import Iterable

from flask import Response, stream_with_context

CSV = "text/csv"


def csv_file(name: str, rows: Iterable[str]) -> Response:
    """*name* is plain ASCII, and of ours."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(stream_with_context(iter(rows)), mimetype=CSV, headers=headers)
