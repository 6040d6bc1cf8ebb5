"""The report in a real browser: nothing asked from outside, nothing clipped, on any screen."""

import csv
import json
from xml.etree import ElementTree

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("jinja2", reason="jinja2 is not installed")
pytest.importorskip("matplotlib", reason="matplotlib is not installed")

from study_run import STUDY
from suite.judge import verdicts
from suite.pages import build_report
from suite.runs import results
from synthetic_run import close, hostile, scripted, two_examples, with_myths
from visits import CLIPPED, OVERLAPPING, SCREENS, VIEWS, Visit
from watched_run import WATCHED, made_up

EVIL = "<script>window.evil=1</script>"


def written(folder, builder):
    document = builder.document(warnings=["locator/talk varies by 7 % from round to round."])
    document["verdicts"] = verdicts.decide(results.read(document))
    results.write_json(folder / "run.json", document)
    return build_report.build(folder)


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    return written(tmp_path_factory.mktemp("report"), two_examples())


@pytest.fixture(scope="session")
def answering_report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("answering")
    results.write_json(folder / "run.json", with_myths(two_examples()))
    return build_report.build(folder)


@pytest.fixture(scope="session")
def hostile_report(tmp_path_factory):
    builder = hostile()
    builder.ladders[0]["rungs"][0]["source"] = "x" * 500 + "\n"
    return written(tmp_path_factory.mktemp("hostile"), builder)


@pytest.fixture(scope="session")
def watched_report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("watched")
    results.write_json(folder / "threads.json", WATCHED)
    return written(folder, made_up())


@pytest.mark.parametrize(("screen", "scheme"), [*VIEWS, ("tablet", "light")])
def test_a_report_reads_well_and_asks_for_nothing(browser, report, screen, scheme):
    with Visit(browser, report, screen, scheme) as visit:
        visit.unfold()
        wide = visit.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide[0] <= wide[1]
        assert visit.page.evaluate(CLIPPED) == []
        assert visit.page.evaluate(OVERLAPPING) == []
        assert visit.requests == [report.as_uri()]
        assert visit.complaints == []


@pytest.mark.parametrize(("screen", "scheme"), [*VIEWS, ("tablet", "light")])
def test_answers_and_claims_read_well_on_any_screen(browser, answering_report, screen, scheme):
    with Visit(browser, answering_report, screen, scheme) as visit:
        first = visit.page.locator(".tile").first.bounding_box()
        assert first["y"] < SCREENS[screen][1] / 2
        for other in visit.page.locator(".claim, figure:not(.dots), table").all():
            if other.is_visible():
                assert other.bounding_box()["y"] > first["y"] + first["height"]
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert visit.page.evaluate(wide)
        visit.unfold()
        assert visit.page.evaluate(wide)
        assert visit.page.evaluate(CLIPPED) == []
        assert visit.page.evaluate(OVERLAPPING) == []
        assert visit.requests == [answering_report.as_uri()]
        assert visit.complaints == []


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_the_contents_with_the_answers_stay_in_sight(browser, answering_report, screen):
    with Visit(browser, answering_report, screen, "light") as visit:
        visit.page.emulate_media(reduced_motion="reduce")
        visit.page.evaluate("document.getElementById('machine').scrollIntoView()")
        contents = visit.page.get_by_role("navigation", name="Contents")
        assert contents.bounding_box()["y"] == 0
        contents.get_by_text("Contents").click()
        listed = contents.locator("details li").all_inner_texts()
        assert listed[:2] == [
            "“Dummy objects that screw up memory” TRUE",
            "“Python comes too late” BUSTED",
        ]
        contents.locator("details a").nth(1).click()
        tile = visit.page.locator(".tile.busted").bounding_box()
        assert 0 < tile["y"] < SCREENS[screen][1]


def claims_shown(visit):
    shown = "[...document.querySelectorAll('.claim')].filter(c => c.checkVisibility())"
    return visit.page.evaluate(shown + ".map(c => c.id.replace('claim-', ''))")


def test_the_filter_leaves_what_was_asked_for(browser, answering_report):
    with Visit(browser, answering_report, "phone", "light") as visit:
        page = visit.page
        everything = claims_shown(visit)
        assert len(everything) == 5
        page.get_by_label("Myth").select_option("late")
        assert claims_shown(visit) == [c for c in everything if c.startswith("locator")]
        page.get_by_label("Verdict").select_option("undecided")
        assert claims_shown(visit) == ["locator-numba-is-c"]
        assert page.locator("#filter output").inner_text() == "1 of 5 claims"
        page.get_by_label("Myth").select_option("")
        page.get_by_label("Verdict").select_option("")
        page.get_by_label("Words").fill("TWO threads")
        assert claims_shown(visit) == ["locator-threads-scale"]
        page.get_by_label("Words").fill("csv")
        assert claims_shown(visit) == []
        page.get_by_label("Words").fill("")
        assert claims_shown(visit) == everything


def test_a_link_to_a_claim_unfolds_it_though_the_filter_hides_it(browser, answering_report):
    with Visit(browser, answering_report, "desktop", "light") as visit:
        visit.page.get_by_label("Verdict").select_option("undecided")
        visit.page.locator(".tile.busted .deciding a").first.click()
        claim = visit.page.locator("#claim-locator-numba-talk")
        claim.locator("table").wait_for()
        assert claim.locator("table").is_visible()


def test_without_scripts_all_claims_are_there_and_no_filter(browser, answering_report):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(answering_report.as_uri())
    assert page.locator(".claim:visible").count() == 5
    assert not page.locator("#filter").is_visible()
    context.close()


@pytest.mark.parametrize(("screen", "scheme"), VIEWS)
def test_what_threads_did_is_shown_whole_on_any_screen(browser, watched_report, screen, scheme):
    shown = ("Speed-up", "Who held the lock", "How late a thread is", "Time of a job by a process")
    with Visit(browser, watched_report, screen, scheme) as visit:
        for words in shown:
            charts = visit.page.locator(f'.chart[aria-label^="{words}"]')
            seen = [chart for chart in charts.all() if chart.is_visible()]
            assert len(seen) == 1
            box = seen[0].bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= SCREENS[screen][0]
            assert box["height"] > 200
        visit.unfold()
        assert visit.page.evaluate(CLIPPED) == []
        assert visit.page.evaluate(OVERLAPPING) == []
        assert visit.requests == [watched_report.as_uri()]


@pytest.mark.parametrize("screen", ["tablet", "phone"])
def test_names_and_reasons_of_any_length_stay_on_the_page(browser, hostile_report, screen):
    with Visit(browser, hostile_report, screen, "light") as visit:
        visit.unfold()
        assert visit.page.evaluate(CLIPPED) == []
        assert visit.page.evaluate(OVERLAPPING) == []
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert visit.page.evaluate(wide)


def test_no_text_of_a_run_is_run_as_a_script(browser, tmp_path):
    results.write_json(tmp_path / "run.json", scripted(close()))
    study = {**STUDY, "example": "close", "title": EVIL, "x": EVIL, "setting": EVIL, "per": EVIL}
    results.write_json(tmp_path / "study.json", study)
    watched = {**WATCHED, "example": "close"}
    watched["timelines"] = [{**each, "label": EVIL} for each in watched["timelines"]]
    results.write_json(tmp_path / "threads.json", watched)
    path = build_report.build(tmp_path)
    with Visit(browser, path, "desktop", "light") as visit:
        visit.unfold()
        assert visit.page.evaluate("window.evil") is None
        assert visit.page.evaluate("document.scripts.length") == 1
        active = "[...document.querySelectorAll('*')].some(e => [...e.attributes].some("
        active += "a => a.name.startsWith('on') || a.value.startsWith('javascript:')))"
        assert visit.page.evaluate(active) is False
        assert visit.page.evaluate("document.querySelectorAll('img, iframe, object').length") == 0
        assert EVIL in visit.page.inner_text("main")
        assert "6 * 7" in visit.page.inner_text("main")
        assert visit.requests == [path.as_uri()]
        assert visit.complaints == []


def paper(visit):
    return visit.page.evaluate("getComputedStyle(document.body).backgroundColor")


def chart_paper(visit):
    query = "getComputedStyle(document.querySelector('.chart svg path')).fill"
    return visit.page.evaluate(query)


def test_charts_and_page_follow_the_theme_together(browser, report):
    papers = {}
    for scheme in ("light", "dark"):
        with Visit(browser, report, "desktop", scheme) as visit:
            papers[scheme] = paper(visit)
            assert chart_paper(visit) == papers[scheme]
    assert papers["light"] != papers["dark"]


def test_the_button_changes_the_theme_and_back(browser, report):
    with Visit(browser, report, "phone", "dark") as visit:
        dark = paper(visit)
        visit.page.get_by_role("button", name="Light theme").click()
        light = paper(visit)
        assert chart_paper(visit) == light != dark
        visit.page.get_by_role("button", name="Dark theme").click()
        assert paper(visit) == dark


def test_a_phone_gets_charts_whose_letters_can_be_read(browser, report):
    for screen, shown in (("phone", "narrow"), ("desktop", "wide")):
        with Visit(browser, report, screen, "light") as visit:
            visible = visit.page.evaluate(
                "[...document.querySelectorAll('.chart')].filter(c => c.checkVisibility())"
                ".map(c => c.className)"
            )
            assert visible
            assert set(visible) == {f"chart {shown}"}
            # 16 points of the figure, 72 to the inch, in pixels of the screen.
            pixels = visit.page.evaluate(
                "(() => { const svg = [...document.querySelectorAll('.chart svg')]"
                ".find(s => s.checkVisibility());"
                "return 16 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width; })()"
            )
            assert pixels >= 12


def test_text_of_a_chart_is_found_and_can_be_copied(browser, tmp_path):
    path = written(tmp_path, close())
    with Visit(browser, path, "desktop", "light") as visit:
        title = "no difference shown between b and a"
        assert visit.page.evaluate(f"window.find({title!r})")
        found = "getSelection().anchorNode.parentElement.closest('.chart.wide svg') !== null"
        assert visit.page.evaluate(found)
        assert visit.page.evaluate("getSelection().toString()") == title


def test_the_letters_that_the_page_brings_are_used_and_as_wide_as_they_were_measured(
    browser, tmp_path
):
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    path = written(tmp_path, close())
    with Visit(browser, path, "desktop", "light") as visit:
        visit.page.evaluate("document.fonts.ready")
        fonts = visit.page.evaluate("[...document.fonts].map(f => [f.weight, f.status])")
        assert sorted(fonts) == [["400", "loaded"], ["700", "loaded"]]
        lines = visit.page.evaluate(
            "[...document.querySelectorAll('.chart.wide svg text')].map(t => "
            "[t.textContent, t.getComputedTextLength(), parseFloat(getComputedStyle(t).fontSize),"
            "getComputedStyle(t).fontWeight])"
        )
    assert len(lines) > 10
    for words, width, size, weight in lines:
        font = FontProperties(family="DejaVu Sans", size=size, weight=int(weight))
        measured = text_to_path.get_text_width_height_descent(words, font, False)[0]
        assert abs(width - measured) <= 0.02 * measured + 1, words


def test_a_source_unfolds(browser, report):
    with Visit(browser, report, "phone", "light") as visit:
        source = visit.page.locator("details.source").first
        assert not source.locator("pre").is_visible()
        source.locator("summary").click()
        assert source.locator("pre").is_visible()


def test_the_page_can_be_walked_by_its_headings(browser, report):
    with Visit(browser, report, "desktop", "light") as visit:
        levels = visit.page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))"
        )
        assert levels.count(1) == 1
        assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:]))
        unnamed = "[...document.querySelectorAll('table')].filter(t => !t.caption).length"
        assert visit.page.evaluate(unnamed) == 0


FORMS = ("CSV", "JSON", "SVG", "PNG")
PAGE = 297 - 2 * 12  # millimetres of A4 between its margins
PIXELS = 96 / 25.4


def test_two_printed_pages_are_the_summary_and_the_rest_has_the_layout_of_a_desktop(
    browser, answering_report
):
    with Visit(browser, answering_report, "phone", "dark") as visit:
        visit.page.emulate_media(media="print", color_scheme="dark")
        visit.page.set_viewport_size({"width": round((210 - 2 * 12) * PIXELS), "height": 1000})
        boxes = {
            name: visit.page.locator(name).bounding_box()
            for name in ("header", "#answers", "#next", "#verdicts")
        }
        first = boxes["#answers"]["y"] + boxes["#answers"]["height"]
        assert first < PAGE * PIXELS
        assert boxes["#next"]["height"] < PAGE * PIXELS
        breaks = "getComputedStyle(document.querySelector('{}')).breakBefore"
        for section in ("#next", "#verdicts"):
            assert visit.page.evaluate(breaks.format(section)) == "page"
        assert visit.page.locator(".glossary dd").first.is_visible()
        assert visit.page.locator("table.ladder thead").first.is_visible()
        assert visit.page.locator(".chart.wide").first.is_visible()
        assert not visit.page.get_by_role("navigation").is_visible()
        assert paper(visit) == "rgb(255, 255, 255)"
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert visit.page.evaluate(wide)


@pytest.mark.parametrize(("screen", "scheme"), VIEWS)
def test_the_dots_of_a_tile_are_seen_and_stay_in_it(browser, answering_report, screen, scheme):
    with Visit(browser, answering_report, screen, scheme) as visit:
        plots = visit.page.locator(".tile .dots svg").all()
        assert plots
        for plot in plots:
            assert plot.get_attribute("aria-label").startswith("Dot plot. ")
            tile = plot.locator("xpath=ancestor::article").bounding_box()
            for part in plot.locator("circle, text").all():
                box = part.bounding_box()
                assert box["x"] >= tile["x"]
                assert box["x"] + box["width"] <= tile["x"] + tile["width"]


def saved(visit, within, form, folder):
    with visit.page.expect_download() as download:
        visit.page.locator(f"{within} .save").get_by_role("button", name=form).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_figure_is_saved_as_table_and_as_picture_from_the_file_itself(
    browser, answering_report, tmp_path
):
    with Visit(browser, answering_report, "phone", "dark") as visit:
        figure = visit.page.locator("figure[id^=figure-]").first.get_attribute("id")
        files = {form: saved(visit, f"#{figure}", form, tmp_path) for form in FORMS}
        assert [file.name for file in files.values()] == [
            f"{figure.removeprefix('figure-')}.{form.lower()}" for form in FORMS
        ]
        columns, *rows = csv.reader(files["CSV"].open(encoding="utf-8"))
        told = json.loads(files["JSON"].read_text(encoding="utf-8"))
        assert told["rows"] == [dict(zip(columns, row)) for row in rows]
        assert told["title"] in " ".join(visit.page.locator(f"#{figure} text").all_text_contents())
        picture = ElementTree.parse(files["SVG"])
        assert "var(" not in files["SVG"].read_text(encoding="utf-8")
        assert "font-face" in picture.getroot()[0].text
        head = files["PNG"].read_bytes()[:24]
        assert head[:4] == b"\x89PNG"
        width = int.from_bytes(head[16:20], "big")
        assert abs(width - 2 * float(picture.getroot().get("width"))) <= 2
        assert visit.complaints == []


def test_a_claim_is_saved_with_its_verdict_and_its_evidence(browser, answering_report, tmp_path):
    with Visit(browser, answering_report, "desktop", "light") as visit:
        visit.unfold()
        told = json.loads(saved(visit, "#claim-locator-numba-talk", "JSON", tmp_path).read_text())
        assert told["verdict"] == "holds"
        assert told["claim"]["id"] == "numba-talk"
        assert told["ratio"]["low"] < told["ratio"]["high"]
        table = saved(visit, "#claim-locator-numba-talk", "CSV", tmp_path).read_text()
        evidence = list(csv.DictReader(table.splitlines()))
        assert [entry["rung"] for entry in evidence] == [e["rung"] for e in told["evidence"]]
