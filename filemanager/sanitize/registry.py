"""The profiles: which checks run, in which order. The order is the specification.

Numbers are those of the original's sequence. Two of them check nothing: the ancillary marker (6)
never fired and the runner places ancillary files; the search for uuencoded parts (29) was never
written.
"""

from filemanager.domain.intake.budget import Limits
from filemanager.domain.workspaces.errors import ProfileUnknown
from filemanager.sanitize.check import Profile
from filemanager.sanitize.checks.archives import (
    unpack_tar,
    unpack_tar_only,
    unpack_zip,
    unpack_zip_only,
)
from filemanager.sanitize.checks.dos_eps import strip_tiff_preview
from filemanager.sanitize.checks.empties import remove_empty
from filemanager.sanitize.checks.errata import (
    note_hyperlink_sources,
    remove_astronomy_demo,
    remove_diagrams_package,
    remove_disallowed_names,
    remove_hyperlink_styles,
    remove_meta_files,
    remove_missing_font_log,
    remove_revtex_files,
)
from filemanager.sanitize.checks.extensions import fix_extension
from filemanager.sanitize.checks.generated import note_backup, remove_products, remove_synctex
from filemanager.sanitize.checks.hidden import (
    note_processed_directory,
    remove_hidden_directory,
    remove_hidden_file,
    remove_leftovers,
    remove_mac_directory,
)
from filemanager.sanitize.checks.images import (
    note_active_content,
    note_unsupported_image,
    refuse_dvi,
    refuse_rar,
    refuse_word,
)
from filemanager.sanitize.checks.line_ends import fix_line_ends
from filemanager.sanitize.checks.names import (
    cut_gzip_ending,
    fix_windows_path,
    note_case_twin,
    note_reserved_directory,
    note_reserved_name,
    refuse_drive_letter,
    rename_case_twin,
    replace_deceptive_name,
    replace_illegal_characters,
    replace_leading_hyphen,
    replace_reserved_characters,
    report_illegal_characters,
)
from filemanager.sanitize.checks.postscript import clean_postscript
from filemanager.sanitize.checks.references import look_again_for_references, look_for_references
from filemanager.sanitize.checks.source_type import judge_source_type, name_source_type
from filemanager.sanitize.checks.tex_form import record_form
from filemanager.sanitize.checks.top_level import remove_top_level_directory
from filemanager.sanitize.checks.unread import (
    note_unread_archive,
    warn_of_unread_archive,
    warn_of_wide_text,
)
from filemanager.sanitize.kinds.guessing import guess_kind

ARXIV = Profile(
    name="arxiv",
    title="TeX, PostScript, PDF and HTML sources, as arXiv takes them",
    directory_checks=(
        remove_mac_directory,  # 1
        remove_hidden_directory,  # 2
        note_processed_directory,  # 4
        note_reserved_directory,
    ),
    checks=(
        # Prune: what is removed here is never renamed or repaired below.
        remove_hidden_file,  # 2
        remove_empty,  # 3: before everything that reads
        # Names: every later check may trust the characters in a name.
        fix_windows_path,  # 5
        note_backup,  # 7: before the tilde is replaced
        replace_illegal_characters,  # 8
        replace_leading_hyphen,  # 9
        replace_deceptive_name,
        # Files that are known by name.
        remove_hyperlink_styles,  # 10
        note_hyperlink_sources,  # 10
        remove_disallowed_names,  # 11
        remove_meta_files,  # 12
        remove_revtex_files,  # 13
        remove_diagrams_package,  # 14
        remove_astronomy_demo,  # 15
        remove_missing_font_log,  # 16
        remove_synctex,  # 17
        report_illegal_characters,  # 18
        remove_products,  # 19: before an ending changes to .ps or .pdf
        cut_gzip_ending,  # 20: before the kind is guessed, partly by name
        note_case_twin,
        note_reserved_name,
        # Kinds: from here on the kind is known.
        guess_kind,  # 21
        refuse_word,  # 22
        refuse_dvi,  # 23
        fix_extension,  # 24
        # Repairs: by the kind, with the name already right for the messages.
        fix_line_ends,  # 25
        clean_postscript,  # 26
        record_form,  # 27
        note_unsupported_image,  # 28
        strip_tiff_preview,  # 30
        refuse_rar,  # 31
        warn_of_unread_archive,
        warn_of_wide_text,
        # Archives last: an archive goes through every check before its members do.
        unpack_tar,  # 35
        unpack_zip,  # 36
    ),
    round_checks=(remove_top_level_directory,),  # 37: members are checked under their last path
    tree_checks=(judge_source_type, look_for_references),  # 32 and 33, 34
    review_checks=(judge_source_type, look_again_for_references),
    limits=Limits(),
)

GENERIC = Profile(
    name="generic",
    title="Files of any kind: archives are unpacked, names made portable, junk removed",
    directory_checks=(remove_mac_directory, note_reserved_directory),
    checks=(
        remove_leftovers,
        refuse_drive_letter,
        replace_reserved_characters,
        replace_deceptive_name,
        rename_case_twin,
        note_reserved_name,
        guess_kind,
        note_active_content,
        note_unread_archive,
        unpack_tar_only,
        unpack_zip_only,
    ),
    round_checks=(),
    tree_checks=(name_source_type,),
    review_checks=(name_source_type,),
    limits=Limits(),
)

PROFILES = {profile.name: profile for profile in (ARXIV, GENERIC)}


def profile_named(name: str) -> Profile:
    """Raise ``ProfileUnknown`` for a name that is not one of ``PROFILES``."""
    if name not in PROFILES:
        raise ProfileUnknown(name, profile_names())
    return PROFILES[name]


def profile_names() -> list[str]:
    """The default first."""
    return list(PROFILES)
