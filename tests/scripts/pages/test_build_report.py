import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from suite.runs import results
from synthetic_run import PYPY, Builder, case, close, rung, two_examples

pytest.importorskip("jinja2")
pytest.importorskip("matplotlib")
from suite.charts import _look, of_run
from suite.judge import reality, verdicts
from suite.pages import build_report, inline_charts

VOID = {"meta", "br", "img", "link", "input", "hr", "wbr"}


class Page(HTMLParser):
    """What the tests ask about a page: its tags, its text, its ids and references."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.words, self.unbalanced = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())

    def all(self, attribute):
        return [a[attribute] for _, a in self.tags if attribute in a]


@pytest.fixture
def no_charts(monkeypatch):
    """Charts take most of the time of a report; where they are not asked about, none are drawn."""
    monkeypatch.setattr(build_report.charts, "why_not", lambda: "not in this test")


def written(tmp_path, builder=None, **changes):
    document = (builder or two_examples()).document(**changes)
    document["verdicts"] = verdicts.decide(results.read(document))
    results.write_json(tmp_path / "run.json", document)
    path = build_report.build(tmp_path)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    warnings = ["locator/talk varies by 7 % from round to round."]
    sentinels = [
        {
            "round": 0,
            "example": "locator",
            "rung": "talk",
            "case": {"grid": "small", "events": 1, "threads": 1},
            "interpreter": None,
            "first_seconds": 0.020,
            "again_seconds": 0.021,
        }
    ]
    folder = tmp_path_factory.mktemp("report")
    return written(folder, warnings=warnings, sentinels=sentinels)


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_the_report_refers_to_nothing_outside_itself(html, page):
    assert re.findall(r"https?:", html) == []
    assert all(target.startswith("#") for target in page.all("href"))
    assert page.all("src") == []
    inside = ("#", "data:font/woff;base64,")
    assert all(target.startswith(inside) for target in re.findall(r"url\(([^)]*)\)", html))
    assert "@import" not in html


def test_every_reference_within_the_page_leads_somewhere_and_every_id_is_unique(html, page):
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    targets = [target[1:] for target in page.all("href")]
    targets += re.findall(r"url\(#([^)]*)\)", html)
    assert set(targets) <= set(ids)
    assert len(targets) > 100


def test_every_tag_is_closed(page):
    assert page.unbalanced == []
    assert page.open == []


def test_verdicts_come_first_with_word_ratio_bound_and_times(page):
    text = page.text
    order = ["Verdicts on this machine", "Wrong answers and failures", "The rungs", "What was left"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "4 holds, 1 undecided." in text
    assert "Ratio of peak resident bytes: 5.12 (counted, no interval). Claimed: at least 5." in text
    assert "05 numpy_one_array (CPython 3.11.2)" in text
    assert "numba_talk: numba is not installed." in text


def test_verdicts_are_decided_by_the_samples_whatever_the_run_says(tmp_path, no_charts):
    document = two_examples().document()
    document["verdicts"] = verdicts.decide(results.read(document))
    for verdict in document["verdicts"]:
        verdict.update(verdict="fails", says="Everything is fails")
    results.write_json(tmp_path / "run.json", document)
    text = Page(build_report.build(tmp_path).read_text(encoding="utf-8")).text
    assert "4 holds, 1 undecided." in text
    assert "Everything is fails" not in text
    assert "Of the verdicts that the run holds, 5 are not what its samples say" in text


def test_wrong_answers_are_listed_once_with_their_cases(page):
    assert page.text.count("locator, 45 mine: wrong answer: error 3, tolerance 0 On ") == 1


def test_a_run_without_wrong_answers_has_no_such_section(tmp_path, no_charts):
    builder = two_examples()
    builder.rows = [row for row in builder.rows if row["status"] != "failed"]
    assert "Wrong answers" not in written(tmp_path, builder)


def test_every_source_is_there_as_it_was_measured(html):
    sources = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", html, flags=re.S)
    shown = [Page(source).words for source in sources]
    document = two_examples().document()
    expected = [rung["source"] for ladder in document["ladders"] for rung in ladder["rungs"]]
    assert ["".join(words) for words in shown] == expected
    assert '<span class="k">def</span>' in html


def test_text_from_outside_is_escaped(tmp_path, no_charts):
    builder = two_examples()
    evil = '<script>alert("x")</script>'
    ladder = builder.ladders[1]
    ladder["title"] = evil
    ladder["claims"][0]["says"] = evil
    ladder["rungs"][0].update(caption=evil, source=evil)
    next(row for row in builder.rows if row["status"] == "skipped")["reason"] = evil
    html = written(tmp_path, builder, warnings=[evil])
    assert evil not in html
    assert html.count("<script>") == 1
    assert "&lt;script&gt;" in html


def test_every_measured_rung_has_its_numbers_in_the_table(page):
    for words in ("05 numpy_one_array", "543 MB", "125,120", "3.2e-16", "skipped: numba is not"):
        assert words in page.text


def test_each_case_has_its_chart_wide_and_narrow_with_words_for_it(page):
    charts = [a for tag, a in page.tags if tag == "div" and a.get("class", "").startswith("chart")]
    drawn = of_run(results.read(two_examples().document()))
    assert [chart["aria-label"] for chart in charts[::2]] == [a["aria-label"] for a in charts[1::2]]
    assert sorted(a["aria-label"] for a in charts[::2]) == sorted(each.alt for each in drawn)
    assert all(a["role"] == "img" and len(a["aria-label"]) > 100 for a in charts)


def test_charts_take_their_colours_from_the_page(html):
    charts = "".join(re.findall(r"<svg.*?</svg>", html, flags=re.S))
    rules = "".join(re.findall(r"^.*\.s0\{.*$", html, flags=re.M))
    assert "var(--chart-cpp)" in rules
    assert re.findall(r"#[0-9a-f]{6}\b", charts + rules) == []
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", html))
    for theme in ("light", "dark"):
        assert used - {"--mark"} <= set(
            re.findall(r"(--[a-z0-9-]+):", build_report.page_css(theme, True))
        )


def test_what_was_left_out_is_listed_with_its_forecast(page):
    assert "forecast 80 GB of memory, 7.4 GB available" in page.text
    assert "80.0 GB of memory" in page.text
    assert "44 min" in page.text


def test_warnings_and_drift_are_told(page):
    assert "locator/talk varies by 7 % from round to round." in page.text
    assert "+5.0 %" in page.text


def test_the_passport_tells_what_is_unknown_and_why(page):
    assert "L3 unified 1 × 35.75 MiB" in page.text
    assert "unknown (/sys/devices/system/cpu/cpu0/cpufreq is not there)" in page.text
    assert "CPython 3.11.2 (numpy 1.24.2)" in page.text


def test_a_run_that_was_killed_says_so(tmp_path, no_charts):
    builder = two_examples()
    document = builder.document(complete=False)
    del document["finished"]
    results.write_json(tmp_path / "run.json", document)
    text = Page(build_report.build(tmp_path).read_text(encoding="utf-8")).text
    assert "This run did not end" in text
    assert "make bench RESUME=20261122T140000Z_made-up" in text


def test_a_run_with_nothing_measured_still_makes_a_report(tmp_path):
    builder = two_examples()
    builder.rows = []
    text = Page(written(tmp_path, builder)).text
    assert "Nothing was measured." in text
    assert "numpy_one_array was not measured" in text


def test_several_interpreters_are_told_apart(tmp_path, no_charts):
    builder = two_examples()
    builder.ok("locator", "python_talk", "grid:small/events:1/threads:1", 0.1, interpreter=PYPY)
    assert "05 python_talk (PyPy 3.9)" in Page(written(tmp_path, builder)).text


def test_an_example_without_parameters_is_the_only_case(tmp_path):
    builder = Builder()
    builder.ladder(
        "single",
        cases=[{**case("n:1", 1), "label": "", "parameters": {}}],
        rungs=[rung("alone", 10, "src/single/10_alone.cpp", "Alone.")],
    )
    builder.ok("single", "alone", "", 1.0)
    assert "The only case" in Page(written(tmp_path, builder)).text


def test_the_same_run_gives_the_same_report(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = (written(tmp_path / name, close()) for name in ("a", "b"))
    assert one == other
    assert "<svg" in one


def test_the_report_of_two_examples_stays_small(html):
    assert len(html.encode("utf-8")) < 3_000_000


@pytest.fixture
def ladder_with(tmp_path, monkeypatch):
    """A run, and the ladder of dummy_objects, whose reality.md.j2 in the project is this text."""
    monkeypatch.setattr(reality, "EXAMPLES", tmp_path)
    (tmp_path / "dummy_objects").mkdir()

    def with_template(text):
        (tmp_path / "dummy_objects" / "reality.md.j2").write_text(text, encoding="utf-8")
        run = results.read(two_examples().document())
        return run, run.ladder("dummy_objects")

    return with_template


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ seconds('numpy_one_array', n=4000) | time }}", "205 ms"),
        ("{{ layer('one_array', 'os.minor_page_faults', n=4000) | count }}", "31,370"),
        ("{{ layer('numpy_one_array', 'os.peak_resident_bytes') | size }}", "543 MB"),
        ("{{ ratio('numpy_one_array', 'no_array', n=4000).word }}", "slower"),
        ("{{ ratio('numpy_one_array', 'no_array', n=4000).separated }}", "True"),
        ("{{ ratio('numpy_one_array', 'no_array', n=4000) | factor }}", "2.84×"),
        ("{{ seconds('numpy_one_array', n=3) }}", "None"),
        ("{{ seconds('numpy_one_array', n=3) | time }}", "not measured"),
        ("{{ ratio('no_array', 'numpy_one_array', n=100000) }}", "None"),
        ("{{ layer('no_array', 'os.unheard_of') | count }}", "not measured"),
        ("{{ machine.huge_pages.transparent }}", "madvise"),
    ],
)
def test_a_template_speaks_with_the_numbers_of_the_run(ladder_with, template, said):
    assert reality.rendered(*ladder_with(template)) == f"<p>{said}</p>"


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("one\n{% if %}\n", "src/dummy_objects/reality.md.j2, line 2: "),
        ("one\n\n{{ secnds('a') }}", "reality.md.j2, line 3: 'secnds' is undefined"),
        (
            "{{ seconds('nobody') }}",
            "line 1: ValueError: dummy_objects: no rung is called 'nobody'",
        ),
        ("{{ 1 / 0 }}", "line 1: ZeroDivisionError"),
        ("{{ seconds.__globals__ }}", "line 1: access to attribute '__globals__'"),
        ("{{ 3 | tme }}", "No filter named 'tme'"),
        ("{% include 'x' %}", "line 1"),
    ],
)
def test_a_template_at_fault_is_named_with_its_line(ladder_with, template, complaint):
    with pytest.raises(ValueError, match=r"reality\.md\.j2") as caught:
        reality.rendered(*ladder_with(template))
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_template_may_speak_of_a_rung_that_is_younger_than_the_run(ladder_with):
    run, ladder = ladder_with("{{ seconds('young') | time }}")
    (reality.EXAMPLES / "dummy_objects" / "99_young.cpp").touch()
    assert reality.rendered(run, ladder) == "<p>not measured</p>"


def test_a_template_in_a_run_is_text_and_nothing_more(tmp_path, no_charts):
    builder = two_examples()
    builder.ladders[0]["reality"] = "{{ 6 * 7 }} of dummy_objects"
    builder.ladders[1]["title"] = "{{ 6 * 7 }} of locator"
    text = Page(written(tmp_path, builder)).text
    assert "42 of" not in text
    assert "of dummy_objects" not in text
    assert "{{ 6 * 7 }} of locator" in text


def test_an_example_that_is_no_longer_there_has_no_sentences(ladder_with):
    run, _ = ladder_with("said")
    assert reality.rendered(run, run.ladder("locator")) == ""


def test_a_template_at_fault_does_not_cost_the_report(ladder_with, tmp_path, no_charts, capsys):
    ladder_with("{{ secnds('a') }}")
    text = Page(written(tmp_path)).text
    fault = "src/dummy_objects/reality.md.j2, line 1: 'secnds' is undefined"
    assert f"The text of this example could not be made: {fault}" in text
    assert capsys.readouterr().err == f"report: {fault}\n"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\nb\n\nc", "<p>a b</p>\n<p>c</p>"),
        ("**a** *b* `c*d*`", "<p><strong>a</strong> <em>b</em> <code>c*d*</code></p>"),
        ("- a\n  more\n- b", "<ul><li>a more</li><li>b</li></ul>"),
        ("so:\n- a", "<p>so:</p>\n<ul><li>a</li></ul>"),
        ("# Why\ntext", "<h4>Why</h4><p>text</p>"),
        ("2 * 3 * 4 < 5", "<p>2 * 3 * 4 &lt; 5</p>"),
        ("", ""),
    ],
)
def test_a_little_markdown_becomes_html(text, html):
    assert reality.markdown(text) == html


def test_without_pygments_sources_are_plain(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygments", None)
    assert build_report.highlighted("a < b", "c++") == "a &lt; b"


def test_without_matplotlib_the_report_says_so_and_has_the_rest(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    text = Page(written(tmp_path)).text
    assert "Charts: skipped: matplotlib is not installed" in text
    assert "05 numpy_one_array" in text


def test_without_jinja_the_report_is_skipped_with_the_reason(tmp_path, monkeypatch, capsys):
    results.write_json(tmp_path / "run.json", two_examples().document())
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert build_report.build(tmp_path) is None
    assert "report: skipped: jinja2 is not installed" in capsys.readouterr().err


def luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(theme):
    page, chart = build_report.PAGE_COLORS[theme], _look.palette(theme)
    for behind in (chart["paper"], page["raised"]):
        for name in ("ink", "muted"):
            assert contrast(chart[name], behind) >= 4.5, name
        for name in ("link", "fails-text", "holds", "fails", "undecided", "partly"):
            assert contrast(page[name], behind) >= 4.5, name
    for name in (name for name in page if name.startswith("code-")):
        assert contrast(page[name], page["raised"]) >= 4.5, name
    for name in ("holds", "fails", "undecided"):
        assert contrast(page["on-mark"], page[name]) >= 4.5, name


def test_the_command_writes_where_it_is_told_and_refuses_bad_input(tmp_path):
    results.write_json(tmp_path / "run.json", close().document())
    suite = results.PROJECT / "scripts" / "suite"

    def call(*options):
        command = [sys.executable, str(suite), "report", *map(str, options)]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", check=False
        )

    there = tmp_path / "there.html"
    done = call("--run", tmp_path, "-o", there)
    assert (done.returncode, done.stderr) == (0, "")
    assert there.read_text(encoding="utf-8").startswith("<!doctype html>")
    done = call("--run", tmp_path / "nowhere")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_the_case_that_shows_most_of_the_ladder_leads_its_section(page):
    headings = re.findall(r"(n:\d+|grid:\w+, events:\d+): all rungs", page.text)
    assert headings[0] == "n:8000"
    assert headings[3] == "grid:small, events:4"


def test_shorter_numbers_leave_words_and_factors_alone():
    svg = (
        '<svg viewBox="0 0 9 9"><text x="12.345" y="3.0" f="0.345">12.345 ms, 3.00GHz</text></svg>'
    )
    assert '<text x="12.3" y="3" f="0.345">12.345 ms, 3.00GHz</text>' in inline_charts.bare(svg)


def test_the_letters_of_all_charts_come_once(html):
    assert html.count("@font-face") == 2  # regular and bold
    assert "<use" in html and "DejaVuSans-" not in html


def test_the_table_tells_what_a_rung_reaches_of_its_bound_and_what_its_time_went_into(page):
    assert re.search(r"60 fused ×1 .*? \d+ % \d+ to \d+ %", page.text)
    assert "Of one run: build " in page.text
    assert "Counted: nodes visited " in page.text
    assert "not stated" in page.text


def test_each_ladder_tells_how_far_it_leads(page):
    assert "05 python_talk would take " in page.text
    assert "a factor of " in page.text


def test_a_commit_that_is_unknown_says_why(tmp_path, no_charts):
    unknown = {"version": "0.1.0", "commit": "unknown", "dirty": False}
    html = written(tmp_path, suite={**unknown, "reason": "git is not installed"})
    assert "commit unknown (git is not installed)" in Page(html).text
