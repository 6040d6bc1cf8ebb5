import re

import pytest

from suite.judge import verdicts
from suite.runs import results
from suite.runs.documents import Refused
from synthetic_run import two_examples, with_myths

pytest.importorskip("jinja2")
pytest.importorskip("markdown_it")
from suite.pages import browser, deck, deck_files, keep_reference

# The titles of the slides of the talk, in its order; one that comes several times is there once.
TALK = """\
Debunking Myths and Rumors of High Performance Python
About me
Introduction
An oxymoron
High Performance Python
Why trying it out anyway?
Python is pretty popular
Myths
Myth 1: It cannot run as fast as C
It doesn't support threads
Myth 2: It doesn't support threads
No one else is doing it
Myth 3: No one else is doing it
The Real Problem
Rumors
Dummy objects that screw up memory
Hey, use Numpy!
Emerging Technologies
Just In Time Compilers
Domain Specific Languages
A dose of technical realism
Conclusions""".splitlines()

# A time, a ratio or a share; the talk's own figures of popularity and of people's time are none.
SPEED = re.compile(r"\d\s*(?:×|x\b|ns|µs|ms|GB/s|GFLOP|times (?:as )?(?:fast|slow|long))")


@pytest.fixture
def no_charts(monkeypatch):
    monkeypatch.setattr(deck.charts, "why_not", lambda: "not in this test")


def a_run(folder, **changes):
    document = with_myths(two_examples())
    document.update(changes)
    document["verdicts"] = verdicts.decide(results.read(document))
    results.write_json(folder / "run.json", document)
    return results.load(folder)


def part(folder, monkeypatch, text):
    (folder / "parts").mkdir()
    (folder / "parts" / "10_part.md").write_text(text)
    monkeypatch.setattr(deck, "PARTS", folder / "parts")


def test_each_slide_of_the_talk_has_its_place_in_the_order_of_the_talk(tmp_path, no_charts):
    told = deck.slides(a_run(tmp_path), "light")
    assert [title for slide in told for title in slide.talk] == TALK


def test_both_lectures_are_as_long_as_they_say(tmp_path, no_charts):
    told = deck.slides(a_run(tmp_path), "light")
    for place, minutes in enumerate(deck.LECTURES):
        planned = sum(slide.minutes[place] for slide in told)
        assert 0.85 * minutes <= planned <= minutes  # the rest is for questions


def test_each_slide_has_something_for_the_speaker_or_numbers_of_its_own(tmp_path, no_charts):
    silent = [
        slide.title
        for slide in deck.slides(a_run(tmp_path), "light")
        if not slide.notes and "<" not in slide.markdown
    ]
    assert silent == []


def test_no_part_holds_a_speed_that_somebody_typed():
    for file in deck.PARTS.glob("*.md"):
        assert SPEED.findall(file.read_text(encoding="utf-8")) == []


def test_the_deck_is_one_file_that_refers_to_nothing_outside(tmp_path, no_charts):
    a_run(tmp_path)
    (file,) = deck_files.write(tmp_path, formats=["html"])
    text = file.read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href|url)\s*[=(]\s*"?(?!data:|#)\w+:', text) == []


def test_the_same_run_makes_the_same_bytes(tmp_path):
    a_run(tmp_path)
    (one,) = deck_files.write(tmp_path, tmp_path / "one", formats=["html"])
    (two,) = deck_files.write(tmp_path, tmp_path / "two", formats=["html"])
    assert one.read_bytes() == two.read_bytes()


def test_without_a_browser_the_deck_is_there_and_what_is_missing_is_said(
    tmp_path, monkeypatch, capsys, no_charts
):
    a_run(tmp_path)
    monkeypatch.setattr(browser, "NAMES", ("no-such-browser",))
    (file,) = deck_files.write(tmp_path, formats=deck_files.FORMATS)
    assert file.name == "deck.html"
    assert "slides: no pdf: no browser was found" in capsys.readouterr().err


def test_a_browser_that_makes_nothing_costs_no_file_that_was_good(tmp_path, monkeypatch):
    fake = tmp_path / "fails"
    fake.write_text("#!/bin/sh\necho out of luck >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(browser, "NAMES", (str(fake),))
    good = tmp_path / "deck.pdf"
    good.write_bytes(b"good")
    with pytest.raises(browser.NoPicture, match="made no pdf: out of luck"):
        browser.print_pdf(tmp_path / "deck.html", good)
    assert good.read_bytes() == b"good"


def test_what_a_run_says_is_neither_markup_nor_markdown(tmp_path, monkeypatch, no_charts):
    run = a_run(tmp_path)
    run.document["machine"]["cpu"] = {"model": "![x](http://evil) <b>*fast*</b>\n\n---\n# Mine"}
    part(tmp_path, monkeypatch, "# A title\n\n{{ measured_where() }}\n")
    told = deck.slides(run, "light")
    assert len(told) == 1
    text = deck.page(run, told, "light")
    assert "<img" not in text
    assert "<b>" not in text


def test_numbers_and_answers_are_those_of_the_run(tmp_path, monkeypatch, no_charts):
    run = a_run(tmp_path)
    example, claim = next((v["example"], v["claim"]) for v in run.document["verdicts"])
    myth = run.document["myths"][0]["id"]
    part(
        tmp_path,
        monkeypatch,
        f"# A\n\n{{{{ claims('{example}', '{claim}') }}}}\n---\n"
        f"# B\n\n{{{{ answer('{myth}') }}}}\n",
    )
    first, second = deck.slides(run, "light")
    verdict = next(v for v in verdicts.decide(run) if v["claim"] == claim)
    assert verdict["says"] in first.markdown.replace("&#x27;", "'")
    assert verdict["verdict"] in first.markdown
    assert 'class="answer ' in second.markdown


def test_what_was_not_measured_is_a_slide_that_says_so(tmp_path, monkeypatch, no_charts):
    run = a_run(tmp_path)
    part(
        tmp_path,
        monkeypatch,
        "# A\n\n{{ claims('nowhere', 'unheard-of') }}\n---\n# B\n\n{{ answer('none') }}\n"
        "---\n# C\n\n{{ chart('ladder', 'nowhere') }}\n",
    )
    told = deck.slides(run, "light")
    assert "This run holds no claim unheard-of." in told[0].markdown
    assert "no answer to the myth" in told[1].markdown
    assert "No ladder chart of this run: not in this test." in told[2].markdown


def test_code_comes_from_the_lines_of_a_rung_and_a_missing_line_is_refused(
    tmp_path, monkeypatch, no_charts
):
    run = a_run(tmp_path)
    text = "# A\n\n{{ code('locator/python_talk.py', 'def locate(', 'B = problem.decay') }}\n"
    part(tmp_path, monkeypatch, text)
    assert "locate" in deck.slides(run, "light")[0].markdown
    monkeypatch.setattr(deck, "PARTS", tmp_path / "others")
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "10_part.md").write_text(text.replace("def locate(", "def nothing("))
    with pytest.raises(Refused, match="no line holds 'def nothing\\('"):
        deck.slides(run, "light")
    (tmp_path / "others" / "10_part.md").write_text(text.replace("python_talk", "python_speech"))
    with pytest.raises(Refused, match="there is none"):
        deck.slides(run, "light")


@pytest.mark.parametrize(
    "text, why",
    [
        ("No title.\n", "a slide has no title"),
        ("# A\n\n<!-- minutes: 1 -->\n", "are not 2 numbers"),
        ("# A\n\n{{ nonsense() }}\n", "'nonsense' is undefined"),
        ("# A\n\n{{ claims( }}\n", "10_part.md: "),
    ],
)
def test_a_faulty_part_is_refused_in_a_sentence_that_names_it(
    text, why, tmp_path, monkeypatch, no_charts
):
    run = a_run(tmp_path)
    part(tmp_path, monkeypatch, text)
    with pytest.raises(Refused, match=re.escape(why)) as refused:
        deck.slides(run, "light")
    assert "10_part.md" in str(refused.value)


def test_without_a_run_of_ones_own_a_reference_is_told_and_says_so(monkeypatch):
    def none(name):
        raise Refused("there is no run yet")

    monkeypatch.setattr(deck.results, "find_run", none)
    folder = deck.run_to_tell()
    assert keep_reference.REFERENCES in folder.parents
    assert deck.measured_where(results.load(folder)).startswith("Reference run: ")
    with pytest.raises(Refused):
        deck.run_to_tell("another")


def test_no_deck_lands_among_the_references(tmp_path):
    reference = next(keep_reference.REFERENCES.glob("*/run.json")).parent
    assert deck.place_of(reference) == results.RESULTS / "slides"
    assert deck.place_of(tmp_path) == tmp_path / "slides"
