"""What each check of one file accepts and what it does not: a table for each."""

from dataclasses import dataclass

import pytest

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.actions import Note, Remove, Rename
from filemanager.sanitize.check import Check, Directory, DirectoryCheck
from filemanager.sanitize.checks import archives as unpack
from filemanager.sanitize.checks import (
    dos_eps,
    empties,
    errata,
    extensions,
    generated,
    hidden,
    images,
    line_ends,
    names,
    postscript,
)
from filemanager.sanitize.checks import tex_form as tex
from filemanager.sanitize.kinds import guessing as sniff
from unit.sanitize.fakes import a_file, a_tree


@dataclass(frozen=True)
class Row:
    """``kind`` is what the file is; in the tree lie ``main.tex`` and ``taken.ps``."""

    check: Check
    kind: FileKind
    accept: tuple[str, ...]
    reject: tuple[str, ...]


ANY = FileKind.UNKNOWN
TABLE = (
    Row(hidden.remove_hidden_file, ANY, ("a.tex", "a/b.c", "_x"), (".x", "a/.x", ".a/x")),
    Row(hidden.remove_leftovers, ANY, (".htaccess", "db"), ("Thumbs.db", "a/.DS_Store", "._a")),
    Row(names.fix_windows_path, ANY, ("c:x", "a/C:\\x", "\\x"), ("C:\\x", "c:\\a\\b.tex", "D:\\")),
    Row(names.refuse_drive_letter, ANY, ("c:x", "a.tex"), ("C:\\x", "c:\\a\\b.tex")),
    Row(generated.note_backup, ANY, ("a.tex", "a.bak"), ("a.tex~", "a.TEX_", "a.tex.bak")),
    Row(
        names.replace_illegal_characters,
        ANY,
        ("a+b-c.d=e,f_1", "é.tex", "日本.tex", "d(1)/a"),
        ("a b.tex", "a(1).png", "a~", "a:b", "a\u202eb", "a\u200bb"),
    ),
    Row(names.replace_leading_hyphen, ANY, ("a-b", "-d/a"), ("-a", "d/-a")),
    Row(
        names.replace_deceptive_name,
        ANY,
        ("console.tex", "aux1", "a.b", "aux", "con.tex"),
        ("a.", "d/a ", "a\u202eb"),
    ),
    Row(
        names.note_reserved_name,
        ANY,
        ("console.tex", "aux1", "auxiliary", "com", "com10.x", "aux/a", "a.con"),
        ("aux", "con.tex", "LPT1.x", "d/nul", "COM\u00b9.a.b", "prn.tar.gz", "aux .tex", "com0"),
    ),
    Row(names.replace_reserved_characters, ANY, ("a b(1)",), ("a:b", "a?b", "a\\b", "a*")),
    Row(errata.remove_hyperlink_styles, ANY, ("espcrc.sty",), ("espcrc2.sty", "d/lamuphys.sty")),
    Row(errata.note_hyperlink_sources, ANY, ("espcrc2.sty",), ("espcrc2.tex", "lamuphys.tex")),
    Row(errata.remove_disallowed_names, ANY, ("core.tex", "Core"), ("core", "d/uufiles")),
    Row(
        errata.remove_meta_files,
        ANY,
        ("xxx.tex", "x.rsrc", "a.DESC", "desc"),
        ("xxx.rsrc", "xxx.nfs01", "f.300gf", "f.600gf", "a.desc", "xxx.cshrc"),
    ),
    Row(errata.remove_revtex_files, ANY, ("revtex4-1.cls",), ("revtex4.cls", "aps.rtx")),
    Row(errata.remove_diagrams_package, ANY, ("diagram.sty",), ("diagrams.sty", "diagrams.tex")),
    Row(errata.remove_astronomy_demo, ANY, ("aa.cls",), ("aa.dem",)),
    Row(errata.remove_missing_font_log, ANY, ("font.log",), ("missfont.log",)),
    Row(generated.remove_synctex, ANY, ("a.synctex.gz",), ("a.synctex",)),
    Row(names.report_illegal_characters, ANY, ("a.tex",), ("a b",)),
    Row(
        generated.remove_products,
        ANY,
        ("b.log", "d/main.log", "main.bbl"),
        ("main.PDF", "main.log"),
    ),
    Row(
        names.cut_gzip_ending,
        ANY,
        ("a.zip", "xyz", "jazz", ".gz", "a.bz"),
        ("a.gz", "a.tgz", "a.taz", "a.Z", "a-gz", "a-z"),
    ),
    Row(empties.remove_empty, ANY, ("a",), ()),
    Row(images.refuse_word, FileKind.FAILED, ("a.DOC", "a.docx"), ("a.doc",)),
    Row(images.refuse_word, FileKind.TEX, ("a.doc",), ()),
    Row(images.refuse_dvi, FileKind.DVI, (), ("a.dvi",)),
    Row(images.refuse_dvi, FileKind.TEX, ("a.dvi",), ()),
    Row(images.note_unsupported_image, FileKind.IMAGE, ("a.png",), ("a.tif", "a.TIFF", "a.bmp")),
    Row(images.note_unsupported_image, FileKind.FAILED, ("a.tif",), ()),
    Row(images.refuse_rar, FileKind.RAR, (), ("a.rar",)),
    Row(images.refuse_rar, FileKind.FAILED, ("a.rar",), ()),
    Row(images.note_active_content, ANY, ("a.txt",), ("a.svg", "a.EXE")),
    Row(extensions.fix_extension, FileKind.POSTSCRIPT, ("a.ps",), ("a.eps", "a", "a.PS")),
    Row(extensions.fix_extension, FileKind.PDF, ("a.pdf",), ("a.PDF", "a.pdf_page_3")),
    Row(extensions.fix_extension, FileKind.HTML, ("a.html",), ("a.htm", "a.HTML")),
    Row(extensions.fix_extension, FileKind.TEX, ("a.ps",), ()),
    Row(line_ends.fix_line_ends, FileKind.IMAGE, ("a",), ()),
    Row(line_ends.fix_line_ends, FileKind.PDFLATEX, (), ("a",)),
    Row(line_ends.fix_line_ends, FileKind.PC, (), ("a",)),
    Row(postscript.clean_postscript, FileKind.FAILED, ("a.txt",), ("a.eps", "a.PSI")),
    Row(postscript.clean_postscript, FileKind.POSTSCRIPT, (), ("a.ps",)),
    Row(tex.record_form, FileKind.PDFLATEX, ("a.tex",), ()),
    Row(tex.record_form, FileKind.LATEX, (), ("a.tex",)),
    Row(dos_eps.strip_tiff_preview, FileKind.POSTSCRIPT, ("a.eps",), ()),
    Row(dos_eps.strip_tiff_preview, FileKind.DOS_EPS, (), ("a.eps",)),
    Row(sniff.guess_kind, FileKind.TEX, ("a.pdf",), ()),
    Row(sniff.guess_kind, ANY, (), ("a.pdf",)),
    Row(unpack.unpack_tar, FileKind.ZIP, ("a.zip",), ()),
    Row(unpack.unpack_tar, FileKind.GZIPPED, (), ("a",)),
    Row(unpack.unpack_tar_only, FileKind.BZIP2, ("a", "a.csv.bz2"), ("a.tar.bz2", "a.TBZ")),
    Row(unpack.unpack_tar, FileKind.GZIPPED, ("a.svgz", "a.RData", "a.gem"), ()),
    Row(unpack.unpack_tar_only, FileKind.TAR, ("a", "a.ova", "a.pth.tar"), ("a.tar", "a.zip")),
    Row(unpack.unpack_tar_only, FileKind.XLSX, ("a",), ()),
    Row(unpack.unpack_zip, FileKind.ZIP, ("a.npz", "a.PPTX", "a.zarr.zip"), ("a.zip", "a.bin")),
    Row(unpack.unpack_zip_only, FileKind.ZIP, ("a.npz", "a.bin", "a"), ("a.ZIP", "a.tar")),
    Row(unpack.unpack_zip, FileKind.JAR, ("a.jar",), ()),
)


def _cases(*, is_accepted: bool) -> list[tuple[Check, FileKind, str]]:
    return [
        (row.check, row.kind, name)
        for row in TABLE
        for name in (row.accept if is_accepted else row.reject)
    ]


@pytest.mark.parametrize(("check", "kind", "name"), _cases(is_accepted=True))
def test_a_check_leaves_alone_what_it_accepts(check: Check, kind: FileKind, name: str) -> None:
    actions = check(a_file(name, b"text\n", kind), a_tree("main.tex", "taken.ps"))

    assert list(actions) == []


@pytest.mark.parametrize(("check", "kind", "name"), _cases(is_accepted=False))
def test_a_check_acts_on_what_it_does_not(check: Check, kind: FileKind, name: str) -> None:
    actions = check(a_file(name, b"text\n", kind), a_tree("main.tex", "taken.ps"))

    assert list(actions)


def _renamed(check: Check, name: str, *, kind: FileKind = ANY, tree: tuple[str, ...] = ()) -> str:
    actions = list(check(a_file(name, kind=kind), a_tree(*tree)))
    return next((action.to for action in actions if isinstance(action, Rename)), name)


@pytest.mark.parametrize(
    ("check", "name", "to"),
    [
        (names.fix_windows_path, "C:\\dir\\sub\\x.tex", "x.tex"),
        (names.fix_windows_path, "c:\\", "_"),
        (names.fix_windows_path, "C:\\anc", "anc_1"),
        (names.replace_illegal_characters, "d e/a b(1).png", "d e/a_b_1_.png"),
        (names.replace_leading_hyphen, "d/--a", "d/_-a"),
        (names.replace_deceptive_name, "a. .", "a___"),
        (names.cut_gzip_ending, "d/a.tar.gz", "d/a.tar"),
        (names.cut_gzip_ending, "a.tgz", "a"),
        (names.cut_gzip_ending, "anc.gz", "anc.gz"),
    ],
)
def test_a_name_becomes(check: Check, name: str, to: str) -> None:
    assert _renamed(check, name) == to


@pytest.mark.parametrize(
    ("name", "to"),
    [("a.ps_page_4", "a.ps"), ("a", "a.ps"), ("d.x/a", "d.x/a.ps"), ("a.b.eps", "a.b.ps")],
)
def test_the_last_ending_is_replaced(name: str, to: str) -> None:
    assert _renamed(extensions.fix_extension, name, kind=FileKind.POSTSCRIPT) == to


def test_an_ending_is_not_fixed_over_another_file() -> None:
    actions = list(
        extensions.fix_extension(a_file("a.eps", kind=FileKind.POSTSCRIPT), a_tree("a.ps"))
    )

    [note] = actions
    assert isinstance(note, Note)
    assert (note.severity, note.code) == ("warn", "rename_conflict")


def test_a_cleaned_name_that_is_taken_gets_a_number_and_a_finding() -> None:
    actions = list(names.replace_illegal_characters(a_file("a b.tex"), a_tree("a_b.tex")))

    assert [a.to for a in actions if isinstance(a, Rename)] == ["a_b_1.tex"]
    assert [a.code for a in actions if isinstance(a, Note)] == [
        "filename_illegal_characters",
        "name_collision",
    ]


def test_a_file_kept_as_sent_keeps_its_gzip_ending() -> None:
    file = a_file("a.tar.gz")
    kept = type(file)(file.area, file.path, file.kind, file.content, file.workshop, unpack=False)

    assert list(names.cut_gzip_ending(kept, a_tree())) == []
    assert list(unpack.unpack_tar(kept, a_tree())) == []


@pytest.mark.parametrize("check", [generated.note_backup, images.refuse_dvi])
def test_ancillary_files_are_spared_some_checks(check: Check) -> None:
    file = a_file("a.tex~", kind=FileKind.DVI, ancillary=True)

    assert list(check(file, a_tree())) == []


@pytest.mark.parametrize(
    ("check", "accept", "reject"),
    [
        (hidden.remove_mac_directory, ("a", "__macosx"), ("__MACOSX", "a/__MACOSX")),
        (hidden.remove_hidden_directory, ("a", "a/.svn"), (".svn",)),
        (hidden.note_processed_directory, ("process",), ("processed", "a/processed")),
    ],
)
def test_directories_are_judged_by_name(
    check: DirectoryCheck, accept: tuple[str, ...], reject: tuple[str, ...]
) -> None:
    for path in accept:
        assert list(check(Directory(Area.SOURCE, path), a_tree())) == []
    for path in reject:
        assert list(check(Directory(Area.SOURCE, path), a_tree()))


def test_an_empty_file_is_removed() -> None:
    actions = list(empties.remove_empty(a_file("a", b""), a_tree()))

    assert [type(action) for action in actions] == [Note, Remove]


def test_a_program_is_known_by_its_first_bytes() -> None:
    assert list(images.note_active_content(a_file("readme", b"\x7fELF..."), a_tree()))
