"""The command that checks a download without the service."""

import json
from pathlib import Path

from click.testing import CliRunner

from builders.statements import KEYS, enveloped, stated
from filemanager.client.verifying import RECEIPT_TYPE
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


def test_what_was_sent_is_checked_against_a_receipt(tmp_path: Path) -> None:
    keys, receipt, sent = (tmp_path / name for name in ("keys.json", "receipt.json", "sent"))
    keys.write_text(json.dumps(KEYS))
    sent.mkdir()
    (sent / "a.txt").write_bytes(b"a")
    told = {**stated({"a.txt": b"a"}), "predicateType": RECEIPT_TYPE, "predicate": {}}
    receipt.write_text(json.dumps(enveloped(told)))
    asked = [str(receipt), str(sent), "--keys", str(keys)]

    sound = CliRunner().invoke(verify, asked)
    (sent / "a.txt").rename(sent / "b.txt")
    wrong = CliRunner().invoke(verify, asked)
    nothing = CliRunner().invoke(verify, ["--keys", str(keys)])

    assert (sound.exit_code, wrong.exit_code, nothing.exit_code) == (0, 1, 2)
    assert "a.txt: it is missing" in wrong.stderr
    assert "Name a directory, or a receipt and a directory." in nothing.stderr
