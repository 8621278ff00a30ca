"""Prometheus itself takes the alerts that we ship, and each is raised by what it is about."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.e2e

RULES = Path(__file__).parents[2] / "deploy" / "prometheus" / "filemanager.rules.yaml"
PROMTOOL = shutil.which("promtool") or Path(__file__).parent / "build" / "promtool"
LONG_ENOUGH = "100m"
"""For the longest ``for`` among the alerts."""

_ANSWERED = 'filemanager_requests_total{method="GET",route="/r",status="%s"}'
_TAKEN = 'filemanager_request_seconds_bucket{method="GET",route="/r",le="%s"}'
_BEGUN = 'filemanager_periodic_begun_timestamp_seconds{name="%s"}'
_TWO_DAYS_AGO = "-180000x120"
WORRYING: Mapping[str, Mapping[str, str]] = {
    "FilemanagerFails": {_ANSWERED % "500": "0+1x120", _ANSWERED % "200": "0+900x120"},
    "FilemanagerRefuses": {_ANSWERED % "503": "0+3x120", _ANSWERED % "200": "0+97x120"},
    "FilemanagerSlow": {
        _TAKEN % "2": "0+90x120", _TAKEN % "4": "0+100x120", _TAKEN % "+Inf": "0+100x120",
    },
    "FilemanagerJobsWait": {"filemanager_tasks_oldest_due_seconds": "601x120"},
    "FilemanagerJobsFailed": {
        "filemanager_tasks_failed": "0x120", "filemanager_tasks_stuck": "1x120",
    },
    "FilemanagerBlobsDamaged": {"filemanager_blobs_quarantined": "1x120"},
    "FilemanagerUpkeepStands": {_BEGUN % "sweep_blobs": _TWO_DAYS_AGO},
    "FilemanagerUploadsPileUp": {"filemanager_uploads_open": "5001x120"},
    "FilemanagerScratchRunsOut": {
        "filemanager_scratch_free_bytes": "9x120", "filemanager_scratch_capacity_bytes": "100x120",
    },
    "FilemanagerNothingIsSwept": {_BEGUN % "sweep_uploads": "0x120"},
}  # fmt: skip
CALM: Mapping[str, str] = {
    _ANSWERED % "503": "0+1x120",
    _ANSWERED % "200": "0+99x120",
    _TAKEN % "2": "0+100x120",
    _TAKEN % "4": "0+100x120",
    _TAKEN % "+Inf": "0+100x120",
    "filemanager_tasks_oldest_due_seconds": "599x120",
    "filemanager_tasks_failed": "0x120",
    "filemanager_tasks_stuck": "0x120",
    "filemanager_blobs_quarantined": "0x120",
    _BEGUN % "sweep_blobs": "0x120",
    _BEGUN % "sweep_uploads": "0+60x120",
    "filemanager_uploads_open": "4999x120",
    "filemanager_scratch_free_bytes": "11x120",
    "filemanager_scratch_capacity_bytes": "100x120",
}


def judged(*words: str | Path) -> tuple[int, str]:
    done = subprocess.run([PROMTOOL, *words], check=False, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def a_case(series: Mapping[str, str], raised: list[str]) -> dict[str, Any]:
    named = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in raised]
    expected = {
        "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
        "eval_time": LONG_ENOUGH,
        "exp_samples": named,
    }
    given = [{"series": name, "values": values} for name, values in series.items()]
    return {"interval": "1m", "input_series": given, "promql_expr_test": [expected]}


def test_prometheus_takes_them() -> None:
    code, said = judged("check", "rules", RULES)

    assert (code, f"SUCCESS: {len(WORRYING)} rules found" in said) == (0, True), said


def test_each_is_raised_by_what_it_is_about_and_none_without_a_reason(tmp_path: Path) -> None:
    cases = [a_case(series, [name]) for name, series in WORRYING.items()]
    written = tmp_path / "cases.yaml"
    written.write_text(
        yaml.safe_dump({"rule_files": [str(RULES)], "tests": [*cases, a_case(CALM, [])]})
    )

    code, said = judged("test", "rules", written)

    assert code == 0, said
