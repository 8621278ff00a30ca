"""The order of the checks is the specification: this test is its second copy."""

import pytest

from filemanager.domain.workspaces.errors import ProfileUnknown
from filemanager.sanitize.codes import RESTORABLE
from filemanager.sanitize.registry import (
    ARXIV,
    GENERIC,
    profile_named,
    profile_names,
)


def _names(checks: tuple[object, ...]) -> str:
    return " ".join(getattr(check, "__name__", "?") for check in checks)


def test_the_order_of_the_arxiv_checks() -> None:
    assert _names(ARXIV.directory_checks) == (
        "remove_mac_directory remove_hidden_directory note_processed_directory"
        " note_reserved_directory"
    )
    assert _names(ARXIV.checks) == (
        "remove_hidden_file remove_empty fix_windows_path note_backup replace_illegal_characters"
        " replace_leading_hyphen replace_deceptive_name remove_hyperlink_styles"
        " note_hyperlink_sources remove_disallowed_names remove_meta_files remove_revtex_files"
        " remove_diagrams_package remove_astronomy_demo remove_missing_font_log remove_synctex"
        " report_illegal_characters remove_products cut_gzip_ending note_case_twin"
        " note_reserved_name guess_kind refuse_word refuse_dvi fix_extension fix_line_ends"
        " clean_postscript"
        " record_form note_unsupported_image strip_tiff_preview refuse_rar"
        " warn_of_unread_archive warn_of_wide_text unpack_tar unpack_zip"
    )
    assert _names(ARXIV.round_checks) == "remove_top_level_directory"
    assert _names(ARXIV.tree_checks) == "judge_source_type look_for_references"
    assert _names(ARXIV.review_checks) == "judge_source_type look_again_for_references"


def test_the_order_of_the_generic_checks() -> None:
    assert _names(GENERIC.directory_checks) == "remove_mac_directory note_reserved_directory"
    assert _names(GENERIC.checks) == (
        "remove_leftovers refuse_drive_letter replace_reserved_characters replace_deceptive_name"
        " rename_case_twin note_reserved_name guess_kind note_active_content note_unread_archive"
        " unpack_tar_only unpack_zip_only"
    )


def test_profiles_are_found_by_name_and_the_default_comes_first() -> None:
    assert profile_names() == ["arxiv", "generic"]
    assert profile_named("generic") is GENERIC


def test_an_unknown_profile_is_refused_by_name() -> None:
    with pytest.raises(ProfileUnknown, match="arxiv, generic"):
        profile_named("nothing")


def test_junk_may_come_back_and_what_names_a_drive_may_not() -> None:
    assert "hidden_files_dot" in RESTORABLE
    assert "drive_letter" not in RESTORABLE
