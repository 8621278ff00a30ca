"""The commands that fetch a share, ready to be copied."""

from dataclasses import dataclass

from filemanager.api.pages.texts import _
from filemanager.services.shares.opening import Opened


@dataclass(frozen=True, slots=True)
class Command:
    title: str
    lines: str


def commands_of(share: Opened, base: str) -> list[Command]:
    """*base* is the URL asked under; repositories are always at that of the share itself.

    Each follows redirects, by which a share with limited visits answers.
    """
    cut = base.rstrip("/").count("/") - 1
    made = [
        Command("wget", f"wget -c -x -nH --cut-dirs={cut} -i {base}urls.txt"),
        Command(
            "aria2",
            f"curl -fsSL {base}aria2.txt | aria2c -c -x4 -j4 --auto-file-renaming=false -i -",
        ),
        Command("curl", f"curl -fsSL {base}curl.cfg | curl -K -"),
        Command("rclone", f"rclone copy --http-url {base}f/ :http: ."),
        Command(_("Texts and pointers as ZIP"), f"curl -fLOJ {base}package.zip"),
        Command(_("Check"), f"curl -fsSL {base}SHA256SUMS | sha256sum -c -"),
    ]
    return made + _repositories(share)


def _repositories(share: Opened) -> list[Command]:
    if share.share.number is None:
        return []
    url, slug = share.share.url, share.share.slug
    # No command takes it for an option.
    name = f"./{slug}" if slug.startswith("-") else slug
    return [
        Command(
            "git-annex",
            f"git clone {url}annex.git {name}\ncd {name}\ngit annex init\ngit annex get .",
        ),
        Command("DVC", f"git clone {url}dvc.git {name}\ncd {name}\ndvc pull"),
        Command("Git LFS", f"git lfs install\ngit clone {url}lfs.git {name}"),
    ]
