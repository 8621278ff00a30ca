"""My workspaces."""

from people.person import Person
from people.surfers import Surfer

PAPER = b"\\documentclass{article}\n\\begin{document}\n\\input{results}\n\\end{document}\n"


def make(api: Person, name: str) -> int:
    return int(api.post("/v2/workspaces", json={"name": name}).get_json()["id"])


def test_mine_are_listed_the_newest_first_with_their_state(alice: Surfer, api: Person) -> None:
    first, second = make(api, "On rings"), make(api, "On fields")
    api.post(f"/v2/workspaces/{first}/lock", json={})

    shown = alice.get("/w").text

    assert shown.index("On fields") < shown.index("On rings")
    assert f'href="w/{second}"' in shown
    assert [word for word in ("Locked", "Open", "Empty", "4.0 GiB") if word not in shown] == []


def test_the_list_says_what_the_page_says(alice: Surfer, api: Person) -> None:
    """A list that says Ready beside a page that does not would be believed."""
    papers = {
        "Empty": {},
        "Not whole": {"main.tex": PAPER},
        "Ready": {"main.tex": PAPER, "results.tex": b"All rings are round.\n"},
        "Not ready": {"notes.doc": b"\xd0\xcf\x11\xe0" + b"x" * 600},
    }
    numbers = {name: make(api, name) for name in papers}
    for name, files in papers.items():
        for path, data in files.items():
            api.put(f"/v2/workspaces/{numbers[name]}/files/{path}", data)

    listed = alice.get("/w").text

    for name, number in numbers.items():
        row = listed.partition(f'href="w/{number}"')[2].partition("</tr>")[0]
        page = alice.get(f"/w/{number}").text.partition('<p class="word">')[2].partition("</p>")[0]
        assert f"<td>{name}</td>" in row
        assert page.startswith(name)
    assert alice.get("/w").text == listed


def test_nobody_elses_are_listed(mallory: Surfer, api: Person) -> None:
    make(api, "On rings")

    assert "You have no workspaces yet" in mallory.get("/w").text


def test_they_are_found_by_a_part_of_the_name_or_by_number(alice: Surfer, api: Person) -> None:
    rings, fields = make(api, "On \u00dcbrings"), make(api, "On 50% fields")
    found = {
        query: [f"w/{one}" in alice.get(f"/w?q={query}").text for one in (rings, fields)]
        for query in ("BRING", "50%25", "%25", "_", str(fields), "9" * 30)
    }

    assert found == {
        "BRING": [True, False],
        "50%25": [False, True],
        "%25": [False, True],
        "_": [False, False],
        str(fields): [False, True],
        "9" * 30: [False, False],
    }


def test_a_long_list_has_pages(alice: Surfer, api: Person) -> None:
    for number in range(101):
        make(api, f"Paper {number:03}")

    first = alice.get("/w").text
    more = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")

    assert "Paper 001" in first
    assert "Paper 000" not in first
    assert "Paper 000" in alice.get(f"/w{more}").text


def test_one_is_made_by_a_form(alice: Surfer, api: Person) -> None:
    answer = alice.send("/w", {"name": "On rings", "profile": "generic"})

    (made,) = api.get("/v2/workspaces").get_json()["workspaces"]
    assert (answer.status_code, answer.headers["Location"]) == (303, f"w/{made['id']}")
    assert (made["name"], made["profile"]) == ("On rings", "generic")


def test_an_unknown_profile_is_refused_on_a_page(alice: Surfer) -> None:
    answer = alice.send("/w", {"profile": "none"})

    assert answer.status_code == 400
    assert answer.mimetype == "text/html"
