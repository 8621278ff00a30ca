"""What a client may be told: every failure is one of these, with words for a person."""


class ClientError(Exception):
    """``str()`` says what, which and what now."""


class Unreachable(ClientError):
    """No answer came, or it broke off. The request may have been done all the same."""


class Refused(ClientError):
    """The service said no. ``code`` is the stable one of RFC 9457's problem, ``""`` without one."""

    def __init__(
        self, status: int, code: str, detail: str, *, wait_seconds: float | None = None
    ) -> None:
        super().__init__(f"{detail} ({code or status})")
        self.status = status
        self.code = code
        self.detail = detail
        self.wait_seconds = wait_seconds
        """From ``Retry-After``; None: not told."""

    @property
    def is_passing(self) -> bool:
        """Whether the same request may be taken later."""
        return self.status in (429, 502, 503, 504) or self.code == "request_still_running"


class Damaged(ClientError):
    """Bytes are not those of the digest that was promised for them."""


class FileChanged(ClientError):
    """A local file became another one while it was sent."""


class PathUnsafe(ClientError):
    """A path of the service leads, or could lead, out of the directory that is written to."""


class Busy(ClientError):
    """Another process of this client does the same work."""
