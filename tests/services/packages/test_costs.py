"""What is asked of a package costs the same whatever it holds, counted in steps of SQLite."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from contract.database.test_work import steps_counted
from filemanager.db.database import SqlDatabase
from filemanager.domain.ids import digest_of
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.services.packages.importing import ImportWish
from worlds.packages import CURATOR, HOST, Study
from worlds.stored import DATABASE, World

FEW, MANY = 200, 2000

Question = Callable[[Study, DataPackageId], object]


def references(count: int) -> bytes:
    """To URLs, of which all is known."""
    told = {"size": 1, "sha256": digest_of(b"x")}
    urls = (f"https://{HOST}/{number:05}" for number in range(count))
    names = (f"d{number % 10}/{number:05}.tif" for number in range(count))
    found = [{**told, "url": url, "name": name} for url, name in zip(urls, names, strict=True)]
    return json.dumps(found).encode()


def page(study: Study, package: DataPackageId) -> None:
    with study.world.database.read() as tx:
        tx.packages.items(tx.packages.edition(package, 1), "d1/", 100)


def level(study: Study, package: DataPackageId) -> None:
    with study.world.database.read() as tx:
        for number in (None, 1):
            edition = tx.packages.edition(package, number)
            tx.packages.level(edition, "", None, 100)
            tx.packages.level(edition, "d1", None, 10)


def put(study: Study, package: DataPackageId) -> None:
    study.text(package, "d1/more.txt")


def delete(study: Study, package: DataPackageId) -> None:
    with study.world.database.read() as tx:
        (item,) = tx.packages.items(tx.packages.edition(package, None), None, 1)
    study.editor.delete(CURATOR, package, item.path)


def compare(study: Study, package: DataPackageId) -> None:
    with study.world.database.read() as tx:
        old, new = (tx.packages.edition(package, number) for number in (1, None))
        assert len(tx.packages.versions.differences(old, new, None, 100)) == 1


@pytest.mark.parametrize("question", [page, level, put, delete, compare])
def test_a_package_ten_times_as_large_is_no_more_work(
    worlds: Iterator[World], question: Question
) -> None:
    work = []
    for count in (FEW, MANY):
        study = Study(next(worlds))
        package = study.create().id
        study.importing.add(CURATOR, package, ImportWish(references=references(count)))
        study.frozen(package)
        study.text(package, "changed.txt")
        file = study.world.directory / DATABASE
        with steps_counted() as counted, closing(SqlDatabase(f"sqlite:///{file}")) as database:
            database.check()
            before = len(counted)
            question(replace(study, world=replace(study.world, database=database)), package)
            work.append(len(counted) - before)

    # Each walk along an index begins by one more step for ten times as many rows.
    assert work[1] <= 1.5 * work[0] + 10
