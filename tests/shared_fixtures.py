"""Where the data lies that nobody here wrote: of the original and of malo."""

import os
from pathlib import Path

PROJECT = Path(__file__).parents[1]

FIXTURES = Path(os.environ.get("FILEMANAGER_FIXTURES", PROJECT.parent / "shared" / "fixtures"))
