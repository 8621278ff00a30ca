"""``filemanager profiles`` says what the route says."""

import json

from click.testing import CliRunner

from filemanager.cli import main
from people.person import Person


def test_the_command_lists_what_the_route_lists(alice: Person) -> None:
    listed = CliRunner().invoke(main, ["profiles", "--json"])

    assert listed.exit_code == 0
    assert json.loads(listed.output) == alice.get("/v2/profiles").get_json()


def test_the_table_has_a_row_for_each_profile(alice: Person) -> None:
    shown = CliRunner().invoke(main, ["profiles"]).output

    for profile in alice.get("/v2/profiles").get_json()["profiles"]:
        row = next(line for line in shown.splitlines() if profile["name"] in line)
        assert profile["title"][:20] in row
