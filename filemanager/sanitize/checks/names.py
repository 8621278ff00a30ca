"""Names that other tools cannot take (no. 5, 8, 9, 18, 20), and names made to deceive."""

import re
from collections.abc import Iterable

from filemanager.sanitize.actions import Action, Note, Remove, Rename, fatal, info, warn
from filemanager.sanitize.check import Directory, File, Tree
from filemanager.sanitize.checks.renames import renamed_if_free, renamed_somehow
from filemanager.sanitize.codes import Code
from filemanager.sanitize.portable import is_reserved, portable, sibling_path

_DRIVE = re.compile(r"[A-Za-z]:\\")
_ILLEGAL = re.compile(r"[^\w+\-.=,]")
_RESERVED_CHARACTERS = re.compile(r'[<>:"|?*\\]')
_GZIP_ENDING = re.compile(r"[.-]t?[ga]?z", re.IGNORECASE)
_GZIP_ENDING_CHARACTERS = 4


def fix_windows_path(file: File, tree: Tree) -> Iterable[Action]:
    r"""Cut a path that begins with a drive (``C:\``) down to what follows its last backslash.

    It is a path of the computer it came from, and the name is its end.
    """
    if not _DRIVE.match(file.path):
        return ()
    wanted = file.path.rpartition("\\")[2] or "_"
    return renamed_somehow(
        file, tree, wanted, Code.FIXED_WINDOWS_NAME, "Renamed '{old}' to '{new}'."
    )


def refuse_drive_letter(file: File, _tree: Tree) -> Iterable[Action]:
    r"""Remove a file whose path begins with a drive (``C:\``).

    Where no rule of TeX says otherwise, nothing is unpacked that names its own place.
    """
    if not _DRIVE.match(file.path):
        return ()
    message = f"Removed file '{file.name}': its name says which drive it goes to."
    return (
        warn(Code.DRIVE_LETTER, message, persistent=False),
        Remove(message, Code.DRIVE_LETTER),
    )


def replace_illegal_characters(file: File, tree: Tree) -> Iterable[Action]:
    """Replace all but letters and digits of any script, and ``_ + - . = ,``, by ``_``.

    TeX and the tools around it give other characters a meaning.
    """
    clean = _ILLEGAL.sub("_", file.name)
    if clean == file.name:
        return ()
    return renamed_somehow(
        file,
        tree,
        sibling_path(file.path, clean),
        Code.FILENAME_ILLEGAL_CHARACTERS,
        "We only accept file names containing the characters: a-z A-Z 0-9 _ + - . =."
        " Renamed '{old}' to '{new}'",
    )


def replace_leading_hyphen(file: File, tree: Tree) -> Iterable[Action]:
    """Replace a hyphen at the beginning of a name by ``_``.

    Programs would take the name for an option.
    """
    if not file.name.startswith("-"):
        return ()
    return renamed_somehow(
        file,
        tree,
        sibling_path(file.path, f"_{file.name[1:]}"),
        Code.FILENAME_LEADING_HYPHEN,
        "We do not accept files starting with a hyphen. Renamed '{old}' to '{new}'.",
    )


def replace_reserved_characters(file: File, tree: Tree) -> Iterable[Action]:
    r"""Replace each of ``< > : " | ? * \`` in a name by ``_``.

    Some file systems give them a meaning.
    """
    clean = _RESERVED_CHARACTERS.sub("_", file.name)
    return _made_usable(file, tree, clean)


def replace_deceptive_name(file: File, tree: Tree) -> Iterable[Action]:
    """Change trailing dots, blanks and unseen characters in a name.

    Such a name is another one, or none, on other systems, or looks like another.
    """
    return _made_usable(file, tree, portable(file.name))


def _made_usable(file: File, tree: Tree, clean: str) -> Iterable[Action]:
    if clean == file.name:
        return ()
    return renamed_somehow(
        file,
        tree,
        sibling_path(file.path, clean),
        Code.UNUSABLE_NAME,
        "'{old}' is no name for a file on every system. Renamed to '{new}'.",
    )


def note_reserved_name(file: File, _tree: Tree) -> Iterable[Action]:
    """Tell of a file that bears the name of a Windows device (``aux.tex``, ``con``).

    Windows cannot hold it. It stays: another name would break what the sources say of it.
    """
    return (_reserved(file.name),) if is_reserved(file.name) else ()


def note_reserved_directory(directory: Directory, _tree: Tree) -> Iterable[Action]:
    """Tell of a directory that bears the name of a Windows device (``aux/``).

    As of a file; what is in it is not told of one by one.
    """
    return (_reserved(directory.name),) if is_reserved(directory.name) else ()


def _reserved(name: str) -> Note:
    return info(
        Code.RESERVED_NAME, f"Windows cannot hold '{name}': it takes the name for a device."
    )


def report_illegal_characters(file: File, _tree: Tree) -> Iterable[Action]:
    """Refuse a name that still holds what ``replace_illegal_characters`` replaces.

    The original's last line of defence behind the replacement; it never speaks.
    """
    if not _ILLEGAL.search(file.name):
        return ()
    message = (
        f'Filename "{file.name}" contains unwanted bad characters.'
        " The only allowed are a-z A-Z 0-9 _ + - . , ="
    )
    return (fatal(Code.FILENAME_ILLEGAL_CHARACTERS, message),)


def cut_gzip_ending(file: File, tree: Tree) -> Iterable[Action]:
    """Cut ``.gz``, ``.z``, ``.tgz``, ``.taz`` and the like (also with a hyphen, any case) off a
    name.

    What is packed is about to be unpacked. Silently; what stays as it was sent keeps its
    whole name.
    """
    if file.unpack is False or file.lowered[-1] != "z":
        return ()
    for length in range(_GZIP_ENDING_CHARACTERS, 1, -1):
        if _GZIP_ENDING.fullmatch(file.name[-length:]) and len(file.name) > length:
            shorter = file.name[:-length]
            return renamed_if_free(file, tree, shorter, Code.GZIP_ENDING_CUT, None)
    return ()


def note_case_twin(file: File, tree: Tree) -> Iterable[Action]:
    """Tell of two files of one upload whose paths differ by case only.

    TeX trees hold such names, so they stay.
    """
    if not (twin := tree.case_twin(file.area, file.path)):
        return ()
    message = f"The names '{file.path}' and '{twin}' differ by case only."
    return (info(Code.NAMES_DIFFER_BY_CASE, message),)


def rename_case_twin(file: File, tree: Tree) -> Iterable[Action]:
    """Number a file whose path differs from another of the upload by case only.

    On a file system that does not tell case apart, one would take the other's place.
    """
    if not (twin := tree.case_twin(file.area, file.path)):
        return ()
    to = tree.path_apart(file.area, file.path)
    message = f"The names '{file.path}' and '{twin}' differ by case only. Renamed to '{to.name}'."
    return (
        Rename(to, Code.NAMES_DIFFER_BY_CASE),
        warn(Code.NAMES_DIFFER_BY_CASE, message, persistent=False),
    )
