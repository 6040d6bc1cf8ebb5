"""What a page holds for its reader to save."""

from __future__ import annotations

import base64
import gzip
import json

from suite.pages.embedded import packed, packed_table


def unpacked(letters: str) -> str:
    return gzip.decompress(base64.b64decode(letters)).decode("utf-8")


def test_a_table_can_be_saved_as_it_is_and_with_a_name_for_each_number():
    table = 'rung,what\n"a, b",1 µs\n"says ""c""",2\n'
    data = packed_table(table, title="Two <rungs>")
    assert unpacked(data["csv"]) == table
    assert json.loads(unpacked(data["json"])) == {
        "title": "Two <rungs>",
        "rows": [{"rung": "a, b", "what": "1 µs"}, {"rung": 'says "c"', "what": "2"}],
    }


def test_letters_end_no_attribute_and_are_the_same_whenever_they_are_made():
    letters = packed("<\"'&>" * 100)
    assert not set(letters) & set("<>\"'& ")
    assert letters == packed("<\"'&>" * 100)
