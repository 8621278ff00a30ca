"""Markdown of people, as HTML that can do nothing."""

import pytest

from filemanager.api.shares.showing.markdown import rendered_markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A\n\n*b*", "<h2>A</h2>\n<p><em>b</em></p>\n"),
        ("[a](https://example.org/?a=1&b)", 'href="https://example.org/?a=1&amp;b"'),
        ("[a](https://example.org)", 'rel="nofollow noopener noreferrer"'),
        ("| a |\n|---|\n| b |", "<td>b</td>"),
        ("<b>raw</b>", "&lt;b&gt;raw&lt;/b&gt;"),
    ],
)
def test_what_is_shown(text: str, html: str) -> None:
    assert html in rendered_markdown(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        "![a](https://tracker.example/x.png)",
        "<img src=x onerror=alert(1)>",
        '<a href="x" onclick="alert(1)">a</a>',
        "[a](<javascript:alert(1)>)",
        "[a][b]\n\n[b]: JaVaScRiPt:alert(1)",
        '<iframe src="https://example.org"></iframe>',
        "<svg onload=alert(1)>",
        "<style>*{display:none}</style>",
    ],
)
def test_what_is_not(text: str) -> None:
    html = rendered_markdown(text).lower()

    for tag in ("<script", "<img", "<iframe", "<svg", "<style", 'href="javascript', 'href="data'):
        assert tag not in html
    assert '<a href="x" onclick' not in html
