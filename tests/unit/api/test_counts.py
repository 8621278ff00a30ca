"""Counts in memory that processes share."""

from filemanager.api.about.counts import Counts, Key, Pages

GET: Key = ("GET", "/livez", 200)
PUT: Key = ("PUT", "/files/<path:path>", 201)


def shared(count: int, page_bytes: int = 4096) -> list[Counts]:
    pages = [memoryview(bytearray(page_bytes)) for _ in range(count)]
    return [Counts(Pages(own, pages)) for own in pages]


def test_each_sees_what_all_have_counted() -> None:
    one, other = shared(2)
    one.add(GET, 0.001)
    other.add(GET, 0.3)
    other.add(PUT, 100)

    assert one.summed() == other.summed()
    assert one.summed() == {
        GET: (0.301, 1, 0, 0, 1, 0, 0, 0, 0),
        PUT: (100, 0, 0, 0, 0, 0, 0, 0, 1),
    }


def test_who_takes_a_page_over_goes_on_counting() -> None:
    pages = Pages.alone()
    Counts(pages).add(GET, 1)

    successor = Counts(pages)
    successor.add(GET, 1)

    assert successor.summed()[GET][0] == 2


def test_a_full_page_takes_no_new_route_and_counts_the_others() -> None:
    (counts,) = shared(1, page_bytes=512)
    counts.add(GET, 1)
    for status in range(100):
        counts.add(("GET", "/livez", 400 + status), 1)
    counts.add(GET, 1)

    assert counts.summed()[GET][0] == 2
    assert len(counts.summed()) < 10
