import html

import pytest

from suite.judge import verdicts
from suite.judge.next_steps import next_steps
from suite.runs import results
from synthetic_run import scripted, two_examples, with_myths

pytest.importorskip("jinja2")
from suite.pages import browser, handout
from suite.pages.rendering import TEMPLATES


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.setattr(browser, "NAMES", ("no-such-browser",))


def text_of(folder, document):
    document["verdicts"] = verdicts.decide(results.read(document))
    results.write_json(folder / "run.json", document)
    return html.unescape(handout.write(folder)[0].read_text(encoding="utf-8"))


def test_it_holds_the_answers_of_the_run_and_what_to_try(tmp_path, no_browser):
    document = with_myths(two_examples())
    text = text_of(tmp_path, document)
    for myth in document["myths"]:
        assert myth["says"] in text
    assert "Write a rung of your own" in text
    for step in next_steps(document, document["verdicts"]):
        assert step in text


def test_it_shows_at_most_six_figures_each_told_to_those_who_cannot_see_it(tmp_path, no_browser):
    pytest.importorskip("matplotlib")
    text = text_of(tmp_path, with_myths(two_examples()))
    assert 1 <= text.count("<img") <= handout.MOST_FIGURES
    assert text.count("<img") == text.count(' alt="')


def test_without_matplotlib_it_says_why_there_are_no_figures(tmp_path, no_browser, monkeypatch):
    monkeypatch.setattr(handout.charts, "why_not", lambda: "matplotlib is not installed")
    text = text_of(tmp_path, with_myths(two_examples()))
    assert "No figures: matplotlib is not installed." in text


def test_a_run_about_no_myth_is_told_too(tmp_path, no_browser):
    assert "This run answers no myth" in text_of(tmp_path, two_examples().document())


def test_without_a_browser_the_page_is_there_and_what_is_missing_is_said(
    tmp_path, no_browser, capsys
):
    text_of(tmp_path, with_myths(two_examples()))
    assert "handout: no pdf: no browser was found" in capsys.readouterr().err
    assert not (tmp_path / "slides" / "handout.pdf").exists()


def test_what_a_run_says_is_no_markup(tmp_path, no_browser):
    text_of(tmp_path, scripted(two_examples()))
    assert "<script" not in (tmp_path / "slides" / "handout.html").read_text(encoding="utf-8")


def test_the_files_that_the_exercises_name_are_there():
    text = (TEMPLATES / "handout.html.j2").read_text(encoding="utf-8")
    named = [word for word in text.replace("<", " ").replace(">", " ").split() if "src/" in word]
    files = [word for word in named if word.endswith((".cpp", ".py"))]
    assert len(files) == 2
    assert all((results.PROJECT / file).is_file() for file in files)
