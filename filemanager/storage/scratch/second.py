"""A second digest, worked out by another thread while the first and the disk go on."""

import hashlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

_WORTH_A_THREAD_BYTES = 128 << 10
"""To hand over less takes longer than its MD5."""

Piece = bytes | bytearray | memoryview


class SecondThread:
    """Does one thing at a time, and holds one: who gives it more waits for what it had."""

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None
        self._last: Future[None] | None = None

    def give(self, work: Callable[[], None]) -> Future[None]:
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1)
        if self._last is not None:
            self._last.result()
        self._last = self._executor.submit(work)
        return self._last

    def close(self) -> None:
        """Waits for what it has."""
        if self._executor is not None:
            self._executor.shutdown()


class RunningMd5:
    """Of the pieces in their order; told when it is asked for, which waits for the last."""

    def __init__(self, thread: SecondThread) -> None:
        self._thread = thread
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._given: Future[None] | None = None

    def update(self, data: Piece) -> None:
        """*data* stays as it is until ``wait`` or the next piece."""
        if len(data) < _WORTH_A_THREAD_BYTES:
            self.wait()
            self._md5.update(data)
        else:
            self._given = self._thread.give(lambda: self._md5.update(data))

    def wait(self) -> None:
        # What is done tells so again: any thread may ask, and nothing changes by that.
        if self._given is not None:
            self._given.result()

    def told(self) -> "str | RunningMd5":
        """The digest where no thread has it: of thousands of small contents that is all to keep."""
        return self._md5.hexdigest() if self._given is None else self

    def hexdigest(self) -> str:
        self.wait()
        return self._md5.hexdigest()
