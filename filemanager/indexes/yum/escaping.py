"""Text in XML 1.0, whatever it holds."""

import re

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document holds, not even as a reference (2.2)."""

# A parser turns a carriage return into a line feed, and in an attribute every blank into a space.
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE = _IN_TEXT | str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


def element(tag: str, text: str, /, **attributes: str) -> str:
    return f"<{tag}{_attributes(attributes)}>{_fit(text).translate(_IN_TEXT)}</{tag}>"


def empty(tag: str, /, **attributes: str) -> str:
    return f"<{tag}{_attributes(attributes)}/>"


def opening(tag: str, /, **attributes: str) -> str:
    return f"<{tag}{_attributes(attributes)}>"


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(
        [f' {name}="{_fit(value).translate(_IN_ATTRIBUTE)}"' for name, value in attributes.items()]
    )


def _fit(text: str) -> str:
    """Without what is unfit: createrepo_c leaves it out as well."""
    return _UNFIT.sub("", text)
