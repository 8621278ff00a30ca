"""The command that checks a download without the service."""

import json
from pathlib import Path

from click.testing import CliRunner

from builders.statements import KEYS, enveloped, stated
from filemanager.commands.verify import verify


def test_a_download_is_checked_offline(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(KEYS))
    download = tmp_path / "download"
    download.mkdir()
    (download / "a.txt").write_bytes(b"a")
    (download / "statement.json").write_text(json.dumps(enveloped(stated({"a.txt": b"a"}))))

    sound = CliRunner().invoke(verify, [str(download), "--keys", str(keys), "--json"])
    (download / "a.txt").write_bytes(b"b")
    wrong = CliRunner().invoke(verify, [str(download), "--keys", str(keys)])

    assert (sound.exit_code, json.loads(sound.stdout)) == (
        0,
        {"files": 1, "wrong": 0, "pending": 0},
    )
    assert wrong.exit_code == 1
    assert "a.txt: it has another SHA-256" in wrong.stderr
