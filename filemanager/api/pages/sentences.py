"""What layers that know no catalogue said in English, read by the very template that made it.

Some of it lies in the database as it was said. Each line of ``locale/templates.txt`` is a template
of the code, found there by `make texts`, with letters in the places of its values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

_TEMPLATES = Path(__file__).parents[1] / "locale" / "templates.txt"


@dataclass(frozen=True, slots=True)
class Template:
    """``pieces`` stand before, between and behind the ``places`` of its values."""

    text: str
    pieces: Sequence[str]
    places: Sequence[str]

    def values_of(self, sentence: str) -> Mapping[str, str] | None:
        """None of a sentence of another template, and of one that can be read in two ways, since
        a value has words of the template in it.
        """
        first, *between, last = self.pieces
        is_framed = sentence.startswith(first) and sentence.endswith(last)
        stop = len(sentence) - len(last)
        if not is_framed or len(first) > stop:
            return None
        inside = sentence[len(first) : stop]
        found = _split(inside, between)
        if found is None or found != _split_from_behind(inside, between):
            return None
        values = dict(zip(self.places, found, strict=True))
        is_sure = all(values[place] == one for place, one in zip(self.places, found, strict=True))
        return values if is_sure else None


def read(sentence: str) -> tuple[str, Mapping[str, str]] | None:
    """Its template and values; of two templates the one that says more of it."""
    for template in _templates():
        if (values := template.values_of(sentence)) is not None:
            return template.text, values
    return None


@cache
def _templates() -> Sequence[Template]:
    """The longest first."""
    lines = _TEMPLATES.read_text("utf-8").splitlines()
    made = [parsed(line) for line in lines]
    return sorted(made, key=lambda one: sum(map(len, one.pieces)), reverse=True)


def parsed(line: str) -> Template:
    pieces, places = [""], []
    for literal, place, _spec, _conversion in Formatter().parse(line):
        pieces[-1] += literal
        if place is not None:
            places.append(place)
            pieces.append("")
    return Template(line, pieces, places)


def _split(text: str, between: Sequence[str]) -> list[str] | None:
    parts = []
    for piece in between:
        part, found, text = text.partition(piece)
        if not found:
            return None
        parts.append(part)
    return [*parts, text]


def _split_from_behind(text: str, between: Sequence[str]) -> list[str] | None:
    parts: list[str] = []
    for piece in reversed(between):
        text, found, part = text.rpartition(piece)
        if not found:
            return None
        parts.insert(0, part)
    return [text, *parts]
