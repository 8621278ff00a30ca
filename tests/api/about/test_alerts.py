"""The rules for Prometheus that we ship watch what there is."""

import re
from pathlib import Path

import yaml
from flask.testing import FlaskClient

from builders.papers import a_token

RULES = Path(__file__).parents[3] / "deploy" / "prometheus" / "filemanager.rules.yaml"


def test_what_is_watched_is_measured(client: FlaskClient) -> None:
    rules = yaml.safe_load(RULES.read_text())["groups"][0]["rules"]
    named = {name for rule in rules for name in re.findall(r"filemanager_\w+", rule["expr"])}
    token = a_token("1", "upload:read_service_logs")

    client.get("/livez")
    measured = client.get("/metrics", headers={"Authorization": token}).text

    assert named
    assert named <= set(re.findall(r"^(?:# HELP )?(filemanager_\w+)", measured, re.MULTILINE))
