"""What the checks of many files take."""

import tracemalloc

from unit.sanitize.archives import a_tar
from unit.sanitize.fakes import Desk


def test_a_file_of_an_archive_takes_little_memory() -> None:
    def peak_bytes(number: int) -> int:
        desk = Desk()
        sent = a_tar({f"paper/{number}-{one}.tex": b"%d\n" % one for one in range(number)})
        tracemalloc.start()
        desk.upload("paper.tar", sent)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    # What is made at its first use is no memory of the files.
    peak_bytes(100)

    assert (peak_bytes(1500) - peak_bytes(500)) / 1000 <= 2300
