"""Names of a run as names of files."""

import pytest

from suite.runs.documents import Refused
from suite.runs.file_names import LONGEST, file_name, inside

STRANGE = [
    ("../../../evil",),
    ("a/b",),
    ("a\0b",),
    ("a\nb",),
    ("x" * 300,),
    (".",),
    ("..",),
    ("",),
    (".hidden",),
    ("-option",),
    ("con",),
    ("nul",),
    ("lpt1",),
    ("ünïcode",),
    ("\u202egnp.exe",),
    ("GIL",),
    ("gil",),
    ("Gil",),
    ("a", "b-1_c-2"),
    ("a", "b-1", "c-2"),
    ("a", "b--1"),
    ("a b",),
    ("a;b",),
    ("a:b",),
]


def test_plain_words_stay_as_they_are():
    assert file_name("locator", "grid-small", "events-4") == "locator_grid-small_events-4"
    assert file_name("0001", "round-1", "time", "cpython-3.13.1-nogil").endswith("3.13.1-nogil")


def test_a_name_is_one_name_that_every_system_can_have():
    for words in STRANGE:
        name = file_name(*words)
        assert 0 < len(name) <= LONGEST + 20
        assert name == name.lower()
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
        assert name[0] not in ".-"
        assert name not in ("con", "nul", "lpt1")


def test_no_two_names_become_one_even_where_case_does_not_count():
    names = [file_name(*words) for words in STRANGE]
    assert len(set(names)) == len(STRANGE)


def test_a_name_is_the_same_each_time():
    assert file_name("a/b") == file_name("a/b")


def test_a_folder_within_a_run_may_be_there_or_not(tmp_path):
    assert inside(tmp_path, "charts") == tmp_path / "charts"
    (tmp_path / "charts").mkdir()
    assert inside(tmp_path, "charts") == tmp_path / "charts"


def test_a_run_may_be_reached_by_a_link(tmp_path):
    (tmp_path / "run" / "charts").mkdir(parents=True)
    (tmp_path / "latest").symlink_to("run")
    assert inside(tmp_path / "latest", "charts") == tmp_path / "latest" / "charts"


def test_a_link_out_of_a_run_is_not_followed(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "charts").symlink_to(tmp_path / "outside")
    with pytest.raises(Refused, match="charts: is a link, and nothing is written where it leads"):
        inside(tmp_path / "run", "charts")


def test_a_file_in_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "charts").write_text("")
    with pytest.raises(Refused, match="charts: is no folder"):
        inside(tmp_path, "charts")
