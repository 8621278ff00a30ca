"""What a package of all sources holds, and where each of it comes from."""

from collections.abc import Mapping
from random import Random

LARGEST = "big.bin"
LARGEST_BYTES = 10 << 20
_DICE = Random(12)

README = b"# Rings\n\nOf 3 trees.\n"
IN_BUCKET = {
    LARGEST: _DICE.randbytes(LARGEST_BYTES),
    "sub dir/b \u00fc.tif": _DICE.randbytes(9999),
}
# Not every line has as many fields as the first: that is nothing to a package.
IN_DIRECTORY = {"table.csv": b"tree,rings\n1,312,about\n"}
IN_WORKSPACE = {
    "notes.tex": b"\\documentclass{article}\n\\begin{document}\nRings.\n\\end{document}\n"
}
ITEMS: Mapping[str, bytes] = {
    "README.md": README,
    **IN_BUCKET,
    **{f"local/{name}": data for name, data in IN_DIRECTORY.items()},
    **{f"paper/{name}": data for name, data in IN_WORKSPACE.items()},
}
