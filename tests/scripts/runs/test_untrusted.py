"""What strangers wrote stays text: in a spreadsheet, a terminal, a page, Markdown."""

from __future__ import annotations

import csv
import io
import re

import pytest

from suite.runs.untrusted import csv_text, in_html, in_markdown, in_terminal
from synthetic_run import SCRIPTS

FORMULAS = ["=1+1", "+1-2", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_table_is_a_formula(text):
    table = csv_text([text, "n"], [[text, 1], ["plain", -2.5]])
    (name, _), (cell, one), (plain, number) = csv.reader(io.StringIO(table))
    for each in (name, cell):
        assert each.startswith("'")
        assert each[1:].strip() == text.strip()
    assert (plain, one, number) == ("plain", "1", "-2.5")


def test_numbers_stay_numbers_even_those_that_are_written_already():
    table = csv_text("a,b", [["-1.5e-09", -1], ["+3", ""]])
    assert list(csv.reader(io.StringIO(table)))[1:] == [["-1.5e-09", "-1"], ["+3", ""]]


def test_a_text_of_several_lines_or_with_commands_is_one_cell_of_one_line():
    table = csv_text("a", [['one\n\x1b[2Jtwo, "three"\0']])
    assert table.count("\n") == 2
    assert list(csv.reader(io.StringIO(table)))[1] == ['one \ufffd[2Jtwo, "three"\ufffd']


@pytest.mark.parametrize("text", [*SCRIPTS, "\x1b[2J\x1b]0;title\x07\u202eabc", "a\r\nb"])
def test_in_a_terminal_nothing_moves_the_cursor_or_the_direction_of_reading(text):
    shown = in_terminal(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert "\n" not in shown


@pytest.mark.parametrize("text", ["a" * 50, "漢" * 50, "e\u0301" * 50, "ab", ""])
def test_in_a_terminal_a_name_takes_no_more_columns_than_it_is_given(text):
    from rich.cells import cell_len

    shown = in_terminal(text, 20)
    assert cell_len(shown) <= 20
    assert shown == text or shown.endswith("…")


@pytest.mark.parametrize("text", SCRIPTS)
def test_in_a_page_no_text_opens_a_tag_or_leaves_its_attribute(text):
    assert not set("<>\"'") & set(in_html(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, 1.5 (2 to 3) n:1", "plain, 1.5 (2 to 3) n:1"),
        ("a|b\\|c", "a\\|b\\\\\\|c"),
        ("<script>x</script>", "\\<script\\>x\\</script\\>"),
        ("![x](javascript:y)", "\\!\\[x\\](javascript:y)"),
        ("https://x.y www.x.y", "https\\://x.y www\\.x.y"),
        ("@team", "@\N{WORD JOINER}team"),
        ("fixes #12", "fixes \\#\N{WORD JOINER}12"),
        ("`code` $x$ &amp; **b** _i_", "\\`code\\` \\$x\\$ \\&amp; \\*\\*b\\*\\* \\_i\\_"),
        ("two\nlines", "two lines"),
    ],
)
def test_in_markdown_no_sign_is_markup_links_or_calls_anybody(text, shown):
    assert in_markdown(text) == shown
