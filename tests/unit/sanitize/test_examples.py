"""Every code is said by the check that the page of checks names, and not without it."""

import pytest

from filemanager.sanitize.codes import OF_EDITS, Code
from unit.sanitize.advice.advice_examples import ADVICE, advised
from unit.sanitize.examples import EXAMPLES, Example


def _id(example: Example) -> str:
    who = example.check.__name__ if example.check else "placing"
    return f"{who}-{example.code}"


@pytest.mark.parametrize("example", EXAMPLES, ids=_id)
def test_an_example_is_told_under_its_code(example: Example) -> None:
    assert example.said()


@pytest.mark.parametrize("code", ADVICE)
def test_advice_is_told_under_its_code(code: Code) -> None:
    assert advised(code)


def test_every_code_has_an_example() -> None:
    assert {example.code for example in EXAMPLES} | set(ADVICE) == set(Code) - OF_EDITS
