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

    def readings_of(self, sentence: str) -> Sequence[Mapping[str, str]]:
        """What its values may be: none of a sentence of another template, two where a value has
        words of the template in it, so that nobody can tell.
        """
        first, *between, last = self.pieces
        is_framed = sentence.startswith(first) and sentence.endswith(last)
        stop = len(sentence) - len(last)
        if not is_framed or len(first) > stop:
            return []
        inside = sentence[len(first) : stop]
        found = _split(inside, between)
        if found is None:
            return []
        both = (found, _split_from_behind(inside, between))
        readings = [dict(zip(self.places, one, strict=True)) for one in both if self._is_one(one)]
        return readings[:1] if found == both[1] else readings

    def _is_one(self, values: Sequence[str]) -> bool:
        """Whether each place has one value, however often it is there."""
        return len(set(zip(self.places, values, strict=True))) == len(set(self.places))


def read(sentence: str) -> tuple[str, Mapping[str, str]] | None:
    """Its template and values: of two templates the one that says more of it; None where that one
    can be read in two ways.
    """
    for template in _templates():
        if readings := template.readings_of(sentence):
            return (template.text, readings[0]) if len(readings) == 1 else None
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


def _split_from_behind(text: str, between: Sequence[str]) -> list[str]:
    """Of what can be split."""
    parts: list[str] = []
    for piece in reversed(between):
        text, _found, part = text.rpartition(piece)
        parts.insert(0, part)
    return [text, *parts]
