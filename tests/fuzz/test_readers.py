"""Each reader is fuzzed for some seconds: it reads, it refuses, and does nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fuzz.seeds import seeds_of

TARGETS = (
    "tar", "zip", "zip member", "gzip", "bzip2", "xz", "zstd", "compress",
    "deb", "control archive", "dsc", "rpm", "rpm header", "git request",
)  # fmt: skip
TOTAL_SECONDS = 91
MEMORY_MIB = 288
"""Python and the fuzzer have 50, a decoder 128, and what comes out is held once or twice."""

_TESTS = Path(__file__).parents[1]

pytestmark = pytest.mark.fuzz


@pytest.mark.parametrize("target", TARGETS)
def test_a_reader_reads_or_refuses_whatever_comes(target: str, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds_of(target)):
        (corpus / f"seed-{number}").write_bytes(seed)

    done = fuzz(target, corpus, f"-max_total_time={TOTAL_SECONDS // len(TARGETS)}")

    assert done.returncode == 0, done.stderr[-4000:]
    assert "DONE" in done.stderr


def test_what_a_reader_must_not_raise_is_found(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()

    done = fuzz("broken", corpus, "-max_total_time=20")

    assert done.returncode != 0
    assert "IndexError" in done.stdout + done.stderr
    assert list(tmp_path.glob("crash-*"))


def fuzz(target: str, corpus: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """With the same seed each time; what breaks a reader is left beside the corpus."""
    limits = ("-seed=1", "-max_len=20000", "-timeout=20", f"-rss_limit_mb={MEMORY_MIB}")
    command = [sys.executable, str(_TESTS / "fuzz" / "targets.py"), target, str(corpus), *limits]
    paths = os.pathsep.join(map(str, (_TESTS, _TESTS.parent)))
    # By way of another program: a process begins with the highest memory of the one it came from.
    return subprocess.run(
        ["timeout", "120", *command, f"-artifact_prefix={corpus.parent}/", *options],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
