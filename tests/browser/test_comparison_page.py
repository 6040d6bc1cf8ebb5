"""Machines side by side in a real browser: read on any screen, and no text of a stranger is run."""

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("jinja2", reason="jinja2 is not installed")
pytest.importorskip("matplotlib", reason="matplotlib is not installed")

from dataclasses import replace

from suite.judge.comparison import compared
from suite.pages import comparison_files
from suite.runs import results, timings
from suite.runs.timings import Timing, Timings
from synthetic_run import SCRIPTS, close, scripted, two_examples, with_myths
from visits import CLIPPED, OVERLAPPING, VIEWS, Visit


def page(folder, *machines):
    path = folder / "comparison.html"
    path.write_text(comparison_files.as_page(machines, compared(machines)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def three_machines(tmp_path_factory):
    every = []
    for number, name in enumerate(("laptop", "a_node_of_the_cluster_with_a_long_name", "pi")):
        document = with_myths(two_examples(6, 1 + number))
        document["machine"]["name"] = name
        every.append(timings.of_run(results.read(document)))
    return page(tmp_path_factory.mktemp("three"), *every)


@pytest.mark.parametrize(("screen", "scheme"), [*VIEWS, ("tablet", "light")])
def test_a_comparison_reads_well_and_asks_for_nothing(browser, three_machines, screen, scheme):
    with Visit(browser, three_machines, screen, scheme) as visit:
        answer = visit.page.locator(".machine .why").first
        assert answer.is_visible()
        visit.unfold()
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert visit.page.evaluate(wide)
        assert visit.page.evaluate(CLIPPED) == []
        assert visit.page.evaluate(OVERLAPPING) == []
        assert visit.requests == [three_machines.as_uri()]
        assert visit.complaints == []


def test_the_whole_table_can_be_saved_from_the_page(browser, three_machines):
    with Visit(browser, three_machines, "desktop", "light") as visit:
        with visit.page.expect_download() as download:
            visit.page.locator('.save[data-name="comparison"] button[value="csv"]').click()
        header = download.value.path().read_text().splitlines()[0]
        assert header == ",".join(comparison_files.COLUMNS)


def test_no_text_of_a_strangers_run_is_run_as_a_script(browser, tmp_path):
    spoilt = timings.of_run(results.read(scripted(close())))
    rows = [Timing("", text, "", seconds=(1.0,) * 7, made_by=text, reason=text) for text in SCRIPTS]
    theirs = Timings(SCRIPTS[1], SCRIPTS[0], "pyperf", {"name": "x", "os": SCRIPTS[2]}, rows)
    slower = [replace(row, seconds=(2.0,) * 7) for row in rows]
    for machines in (
        [replace(spoilt, name=SCRIPTS[0]), replace(spoilt, name=SCRIPTS[2])],
        [theirs, replace(theirs, name=SCRIPTS[3], rows=slower)],
    ):
        path = page(tmp_path, *machines)
        with Visit(browser, path, "phone", "light") as visit:
            visit.unfold()
            assert visit.page.evaluate("window.evil") is None
            assert visit.page.evaluate("document.scripts.length") == 1
            assert visit.page.evaluate("document.querySelectorAll('img, iframe').length") == 0
            assert visit.requests == [path.as_uri()]
            assert visit.complaints == []
