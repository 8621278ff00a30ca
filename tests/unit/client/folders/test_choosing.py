"""Which files of a folder are sent, and which are left out."""

import os
from pathlib import Path

from filemanager.client.folders.choosing import PART_PREFIX, Choice, choose

USUAL = Choice()


def write(directory: Path, *paths: str) -> None:
    for path in paths:
        place = directory / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("")


def chosen(directory: Path, choice: Choice = USUAL) -> tuple[list[str], list[str]]:
    found = choose(directory, choice)
    return [place.relative_to(directory).as_posix() for place in found.places], found.left_out


def test_dot_files_are_left_out_and_named(tmp_path: Path) -> None:
    write(tmp_path, "main.tex", ".latexmkrc", ".env", ".git/config", "fig/.DS_Store", "fig/a.png")

    assert chosen(tmp_path) == (
        ["fig/a.png", "main.tex"], [".env", ".git/", ".latexmkrc", "fig/.DS_Store"]
    )  # fmt: skip


def test_every_folder_has_its_own_ignore_files(tmp_path: Path) -> None:
    write(tmp_path, "a.log", "fig/a.log", "fig/keep.log", "fig/b.log", "old/a.tex", "x.tex")
    (tmp_path / ".gitignore").write_text("*.log\n")
    (tmp_path / ".filemanagerignore").write_text("old/\n")
    (tmp_path / "fig" / ".gitignore").write_text("!keep.log\n")

    assert chosen(tmp_path) == (
        ["fig/keep.log", "x.tex"],
        [
            *(".filemanagerignore", ".gitignore", "a.log", "fig/.gitignore", "fig/a.log"),
            *("fig/b.log", "old/"),
        ],
    )


def test_nothing_comes_back_out_of_a_folder_that_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "build/keep.pdf", "main.tex")
    (tmp_path / "build" / ".gitignore").write_text("!*\n")
    (tmp_path / ".gitignore").write_text("build\n!build/keep.pdf\n")

    assert chosen(tmp_path) == (["main.tex"], [".gitignore", "build/"])


def test_ignore_files_bring_no_dot_file_back(tmp_path: Path) -> None:
    write(tmp_path, ".env", "main.tex")
    (tmp_path / ".gitignore").write_text("*\n!*.tex\n!.*\n")

    assert chosen(tmp_path) == (["main.tex"], [".env", ".gitignore"])


def test_patterns_that_were_told_stand_over_everything(tmp_path: Path) -> None:
    write(tmp_path, ".latexmkrc", ".env", "a.log", "b.log", "fig/a.png")
    (tmp_path / ".gitignore").write_text("*.log\n")
    choice = Choice(excluded=["/fig", "!a.log", "!.latexmkrc"])

    assert chosen(tmp_path, choice) == (
        [".latexmkrc", "a.log"], [".env", ".gitignore", "b.log", "fig/"]
    )  # fmt: skip


def test_all_are_sent_but_what_was_excluded(tmp_path: Path) -> None:
    write(tmp_path, ".env", ".git/config", "a.log", "b.aux")
    (tmp_path / ".gitignore").write_text("*.log\n")

    everything = chosen(tmp_path, Choice(is_all=True))
    but_one = chosen(tmp_path, Choice(is_all=True, excluded=["*.aux"]))

    assert everything == ([".env", ".git/config", ".gitignore", "a.log", "b.aux"], [])
    assert but_one == ([".env", ".git/config", ".gitignore", "a.log"], ["b.aux"])


def test_links_pipes_and_unfinished_files_are_never_sent(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    write(outside, "secret")
    write(inside, f"{PART_PREFIX}1")
    (inside / "file").symlink_to(outside / "secret")
    (inside / "directory").symlink_to(outside)
    os.mkfifo(inside / "pipe")

    places, left_out = chosen(inside, Choice(is_all=True))

    assert (places, left_out) == ([], [f"{PART_PREFIX}1", "directory", "file", "pipe"])


def test_a_name_that_is_no_text_is_named_as_well_as_it_can_be(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/.\xff")).write_bytes(b"")

    assert chosen(tmp_path) == ([], [".\ufffd"])
