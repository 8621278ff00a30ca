"""What a refusal says, as it stands in the code: with the names of what is put in."""

import ast
import inspect
import textwrap
from collections.abc import Iterator

from filemanager.domain.errors import FilemanagerError


def messages_of(kind: type[FilemanagerError]) -> Iterator[str]:
    """None where whoever raises it words it."""
    if "__init__" not in vars(kind):
        return
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__":
            yield from map(_text, node.args[:1])


def _text(argument: ast.expr) -> str:
    if isinstance(argument, ast.Constant):
        return str(argument.value)
    if isinstance(argument, ast.JoinedStr):
        return "".join(map(_text, argument.values))
    if isinstance(argument, ast.FormattedValue):
        return f"<{ast.unparse(argument.value)}>"
    return ""
