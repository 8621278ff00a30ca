"""Pictures of the pages of a share, for the documentation: run it as a program."""

import tempfile
from pathlib import Path

from e2e.packages.browsing import chromium, window
from e2e.packages.house import PASSWORD, house
from servers.radosgw import radosgw

_PLACE = Path(__file__).parents[3] / "docs" / "share"
_WIDTHS = (320, 1280)


def main() -> None:
    _PLACE.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as directory,
        radosgw() as gateway,
        house(Path(directory) / "house", gateway) as running,
        chromium() as browser,
    ):
        package = running.package_of_all()
        pages = {
            "page": running.share(package, slug="rings"),
            "password": running.share(package, slug="rings-2026", password=PASSWORD),
        }
        for name, url in pages.items():
            for width in _WIDTHS:
                with window(browser, width) as shown:
                    shown.page.goto(url)
                    shown.page.screenshot(path=_PLACE / f"{name}-{width}.png", scale="css")


if __name__ == "__main__":
    main()
