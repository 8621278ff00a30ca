"""Labels of many files at once: numbered by one look at each name."""

from collections.abc import Iterator

from worlds.bucket import BOB, Bucket
from worlds.questions import questions
from worlds.stored import World


def files(count: int, first: int = 0) -> dict[str, bytes]:
    """Many of one name, in directories that a label does not tell apart."""
    return {f"{chr(0x4E00 + first + n)}/same.txt": b"%d" % n for n in range(count)}


def asked(world: World, count: int) -> list[str]:
    bucket = Bucket(world)
    bucket.send(files(3), BOB)
    with questions() as found:
        bucket.send(files(count, first=3), BOB)
    return found


def test_files_of_one_name_are_numbered_in_turn(world: World) -> None:
    first = Bucket(world).send(files(3), BOB)
    second = Bucket(world).send(files(2, first=3), BOB)

    paths = [one.replicas[0] for one in (*first, *second)]
    numbers = [path.removesuffix(".txt").rpartition(".")[2] for path in paths]
    assert numbers == ["0", "1", "2", "3", "4"]


def test_what_is_taken_of_a_name_is_asked_once(worlds: Iterator[World]) -> None:
    few, more, many = (asked(next(worlds), count) for count in (10, 20, 40))

    looks = [sum("ORDER BY replicas.path" in one for one in found) for found in (few, more, many)]
    assert looks == [1, 1, 1]
    assert len(many) - len(more) == 2 * (len(more) - len(few))
