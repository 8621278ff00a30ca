"""What people wrote as Markdown, as HTML that can do nothing."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol",
    "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
"""No pictures, which would come from anywhere; no first heading, the page has one."""

_SCHEMES = {"http", "https", "mailto"}
_MARKDOWN = ("commonmark", {"html": False, "linkify": False, "typographer": False})


def rendered_markdown(text: str) -> Markup:
    """Bounded by the text; raw HTML in it is shown as it stands."""
    parser = MarkdownIt(*_MARKDOWN).enable(["table", "strikethrough"])
    lowered = parser.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    cleaned = nh3.clean(
        lowered,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )
    return Markup(cleaned)  # noqa: S704  # nh3 has taken out all that is not on the list
