"""Where log events go: lines for people on a terminal, JSON elsewhere."""

import json
import logging
import logging.config
import sys
import threading
from contextlib import suppress
from typing import Any, TextIO

import structlog

_SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)

_TALKATIVE = ("alembic", "boto3", "botocore", "s3transfer", "sqlalchemy", "urllib3")

# structlog would make one for every line.
_ENCODER = json.JSONEncoder(default=repr)


def configure(level: str = "info") -> None:
    """Set up structlog, and send the standard library's events the same way, warnings too."""
    renderer = _renderer()
    structlog.configure(
        processors=[*_SHARED, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(_Lines(sys.stderr)),  # type: ignore[arg-type]  # all that is asked of it
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(dictionary(level))
    logging.captureWarnings(capture=True)
    sys.excepthook = _unexpected
    threading.excepthook = _unexpected_in_thread


def dictionary(level: str = "info") -> dict[str, Any]:
    """For ``logging.config.dictConfig``: gunicorn logs before the application is there."""
    formatter = {
        "()": "structlog.stdlib.ProcessorFormatter",
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer()],
        "foreign_pre_chain": list(_SHARED),
    }
    shown = level.upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"events": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events"}},
        "root": {"level": shown, "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": shown, "handlers": ["stderr"], "propagate": False},
            # What they tell below warnings is for who works on them, and names statements and keys.
            **{name: {"level": "WARNING"} for name in _TALKATIVE},
        },
    }


class _Lines:
    """What cannot be written, to a disk that is full or to a reader that has gone, is lost: a line
    must not take the answer with it that it tells of.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            self._out.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._out.flush()


def _renderer() -> Any:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer(_one_line)


def _one_line(event: Any, **_: Any) -> str:
    return _ENCODER.encode(event)


def _unexpected(*exc_info: Any) -> None:
    """What ends a process; somebody's Ctrl-C is no event."""
    if not issubclass(exc_info[0], KeyboardInterrupt):
        structlog.get_logger().error("unexpected", exc_info=exc_info)


def _unexpected_in_thread(ended: threading.ExceptHookArgs) -> None:
    exc_info = (ended.exc_type, ended.exc_value, ended.exc_traceback)
    structlog.get_logger().error("unexpected", exc_info=exc_info)
