"""Every tool that fetches a package whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from e2e.packages import checking, cloning, cutting, downloading
from e2e.packages.visitor import Address, Visitor


@dataclass(frozen=True, slots=True)
class Tool:
    """``fetch`` returns the directory of the items, and done again fetches what is missing.

    ``cut`` leaves what somebody has whose fetch was cut off; ``resumes``: it asks us for the rest
    of a file alone. ``takes_names``: it asks the address that its clone names for good, which is
    the share's.
    """

    fetch: Callable[[Visitor, Address], Path]
    cut: Callable[[Visitor, Path], None]
    resumes: bool = False
    takes_names: bool = False


TOOLS: Mapping[str, Tool] = {
    "wget": Tool(downloading.by_wget, cutting.of_every_file, resumes=True),
    "wget -r": Tool(downloading.by_wget_alone, cutting.of_every_file),
    "curl": Tool(downloading.by_curl, cutting.of_every_file, resumes=True),
    "aria2": Tool(downloading.by_aria2, cutting.of_every_file),
    "metalink": Tool(downloading.by_metalink, cutting.of_every_file, resumes=True),
    "rclone": Tool(downloading.by_rclone, cutting.of_every_file),
    "git-annex": Tool(
        cloning.by_git_annex, cutting.of_an_annexed_file, resumes=True, takes_names=True
    ),
    "datalad": Tool(cloning.by_datalad, cutting.of_an_annexed_file, resumes=True, takes_names=True),
    "dvc pull": Tool(cloning.by_dvc_pull, cutting.of_a_file_of_dvc),
    "dvc get": Tool(cloning.by_dvc_get, cutting.without_the_largest_file),
    "git-lfs": Tool(cloning.by_git_lfs, cutting.of_a_file_of_lfs),
    "bdbag": Tool(checking.by_bdbag, cutting.of_the_largest_file),
}
