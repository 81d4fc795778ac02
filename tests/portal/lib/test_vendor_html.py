"""What of a vendor's HTML reaches a page: formatting, never anything that acts, loads or looks like ours."""

from __future__ import annotations

from time import perf_counter

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.vendor_html import MOST, TAGS, cleaned

REL = 'rel="noopener noreferrer nofollow"'


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>Dear <b>Ada</b></p>", "<p>Dear <b>Ada</b></p>"),
        ("<script>alert(1)</script>Hello", "Hello"),
        ("<scr<script>ipt>alert(1)</script>", "ipt&gt;alert(1)"),
        ('<p onclick="alert(1)" style="color:red" class="button" id="story">Hi</p>', "<p>Hi</p>"),
        (
            '<a href="https://example.com/a?b=1&amp;c=2">x</a>',
            f'<a href="https://example.com/a?b=1&amp;c=2" {REL}>x</a>',
        ),
        (
            '<a href="https://example.com" target="_blank" rel="opener">x</a>',
            f'<a href="https://example.com" {REL}>x</a>',
        ),
        ('<a href="javascript:alert(1)">x</a>', f"<a {REL}>x</a>"),
        ('<a href=" java\nscript:alert(1)">x</a>', f"<a {REL}>x</a>"),
        ('<a href="data:text/html,<script>1</script>">x</a>', f"<a {REL}>x</a>"),
        ('<a href="/connections/1/pause/">x</a>', f"<a {REL}>x</a>"),
        ('<a href="//example.com/">x</a>', f"<a {REL}>x</a>"),
        ('<img src="https://example.com/seen.gif" onerror="alert(2)"><p>Runs well', "<p>Runs well</p>"),
        ("<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>after", "after"),
        ("<iframe src=https://example.com>in</iframe><form action=/x><input name=a>Send</form>", "Send"),
        ("<b>open <i>and never closed", "<b>open <i>and never closed</i></b>"),
        ("</p></div></section>after", "<p></p>after"),
        (
            "<h1>Our offer</h1><h3 class=x>For you</h3>",
            '<p class="heading">Our offer</p><p class="heading">For you</p>',
        ),
        ('<p class="card heading">x</p><p class="button">y</p>', '<p class="heading">x</p><p>y</p>'),
        (
            "<table><tr><td colspan=2 width=900>1</td></tr></table>",
            '<table><tbody><tr><td colspan="2">1</td></tr></tbody></table>',
        ),
        ("Dear Ada,\n5 < 6 & 7 > 2\n", "Dear Ada,<br>5 &lt; 6 &amp; 7 &gt; 2"),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<!-- secret --><p>x</p>", "<p>x</p>"),
        ('<p> </p><img src="x">&nbsp;<br>', ""),
        ("", ""),
        (None, ""),
        (["<p>x</p>"], ""),
    ],
)
def test_what_is_shown(html: object, shown: str) -> None:
    assert cleaned(html) == shown


def test_templates_take_it_as_it_is_and_nothing_else() -> None:
    page = Template("{{ ours }}{{ theirs }}")
    assert page.render(Context({"ours": cleaned("<b>x</b>"), "theirs": "<b>y</b>"})) == "<b>x</b>&lt;b&gt;y&lt;/b&gt;"
    joined = page.render(Context({"ours": cleaned("<b>x</b>") + "<script>", "theirs": ""}))
    assert "<script>" not in joined


def test_it_is_cut_and_deep_nesting_takes_no_time() -> None:
    assert len(cleaned("a" * (MOST + 5))) == MOST
    started = perf_counter()
    for tag in ("<div>", "<b>", "<table><tr><td>", "<a href=https://example.com>", "<ul><li>"):
        cleaned(tag * (MOST // len(tag)) + "x")
    assert perf_counter() - started < 15


@given(st.text(alphabet="<>/\"'=&;: \nabiphrefscrtjvonlk1!-", max_size=300))
def test_whatever_comes_only_known_tags_go_out(html: str) -> None:
    found = cleaned(html)
    for piece in found.split("<")[1:]:
        name = piece.lstrip("/").split(">")[0].split()[0]
        assert name in TAGS
        assert " on" not in piece.split(">")[0]
