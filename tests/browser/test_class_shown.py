"""A class in a real browser: read on any screen, one's own machine found, no script run."""

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("jinja2", reason="jinja2 is not installed")

from class_of_runs import hand_in_hostile, small_run
from suite.judge import classes
from suite.pages import class_page
from suite.runs import results
from suite.runs.handed_in import Fault
from visits import CLIPPED, OVERLAPPING, VIEWS, Visit


@pytest.fixture(scope="module")
def class_of_nine(tmp_path_factory):
    documents = [small_run(seed, virtualization="none", load_before=0.0) for seed in range(8)]
    documents.append(small_run(8, slower=4.0, power="battery"))
    members = (classes.member(results.read(document)) for document in documents)
    faults = [Fault("a/b.json", "is no run of the suite")]
    page = class_page.as_page(class_page.Gathered(classes.of(members), faults))
    path = tmp_path_factory.mktemp("nine") / "class.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize(("screen", "scheme"), [*VIEWS, ("tablet", "light")])
def test_a_class_reads_well_and_asks_for_nothing(browser, class_of_nine, screen, scheme):
    with Visit(browser, class_of_nine, screen, scheme) as visit:
        visit.page.select_option("#own", index=3)
        visit.unfold()
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert visit.page.evaluate(wide)
        assert visit.page.evaluate(CLIPPED) == []
        assert visit.page.evaluate(OVERLAPPING) == []
        assert visit.requests == [class_of_nine.as_uri()]
        assert visit.complaints == []


def test_ones_own_machine_stands_out_once_it_is_chosen(browser, class_of_nine):
    with Visit(browser, class_of_nine, "phone", "light") as visit:
        page = visit.page
        assert page.locator(".own").count() == page.locator(".yours:visible").count() == 0
        page.select_option("#own", index=2)
        rows = page.locator(".strip").count()
        assert page.locator("circle.own").count() == rows
        places = page.locator(".strip .yours:visible").all_inner_texts()
        assert len(places) == rows
        assert all(place.startswith("mine: ") and place.endswith(" of 9") for place in places)
        assert page.locator("td.mine:visible").first.inner_text().endswith(" ×")
        page.select_option("#own", index=0)
        assert page.locator(".own").count() == page.locator(".yours:visible").count() == 0


def test_the_outlier_is_there_with_its_reason(browser, class_of_nine):
    with Visit(browser, class_of_nine, "desktop", "light") as visit:
        tile = visit.page.locator(".outlier.slower").first
        assert "× slower than is typical" in tile.inner_text()
        assert "runs on battery" in tile.locator(".why").inner_text()


def test_no_text_of_200_strangers_is_run_as_a_script(browser, tmp_path):
    handed = tmp_path / "handed"
    handed.mkdir()
    hand_in_hostile(handed, 200)
    path = tmp_path / "class.html"
    gathered = class_page.gather(handed)
    path.write_text(class_page.as_page(gathered), encoding="utf-8")
    for screen in ("phone", "desktop"):
        with Visit(browser, path, screen, "light") as visit:
            visit.unfold()
            for index in range(1, 1 + len(gathered.whole.members)):
                visit.page.select_option("#own", index=index)
            assert visit.page.evaluate("window.evil") is None
            assert visit.page.evaluate("document.scripts.length") == 2
            found = "document.querySelectorAll('img, iframe, [onload], [onerror]').length"
            assert visit.page.evaluate(found) == 0
            shown = visit.page.locator("#not-read dt").all_text_contents()
            assert shown == [fault.name for fault in gathered.faults]
            assert visit.requests == [path.as_uri()]
            assert visit.complaints == []
            wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            assert visit.page.evaluate(wide)
