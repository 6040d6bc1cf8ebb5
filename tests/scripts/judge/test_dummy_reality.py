"""What dummy_objects says about its numbers, whatever a machine may find."""

from __future__ import annotations

import itertools
from pathlib import Path
from types import SimpleNamespace

import pytest

from suite.runs import claims, results
from suite.runs.quantities import count_text, factor_text, size_text, time_text

jinja2 = pytest.importorskip("jinja2")

EXAMPLE = results.PROJECT / "src" / "dummy_objects"

SETTINGS = ["madvise", "always", "never", None]
SMALL_PAGES, HUGE_PAGES = 31_400, 700


def reality(
    setting: str | None = "madvise",
    faults: int | None = HUGE_PAGES,
    ratio: float = 1.3,
    separated: bool = True,
    n: int | None = 4000,
    small_pages_seconds: float = 0.1,
) -> str:
    def layer(rung: str, name: str, n: int) -> float | None:
        if faults is None:
            return None
        if name == "os.minor_page_faults":
            return {"one_array_huge_pages": 64, "numpy_row_temporary": 122}.get(rung, faults)
        return 150e6 if rung == "numpy_one_array" else 25e6

    def compared(of: str, over: str, **case: int) -> SimpleNamespace | None:
        return SimpleNamespace(value=ratio, separated=separated) if case == {"n": n} else None

    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    environment.filters.update(
        time=time_text, size=size_text, count=count_text, factor=lambda r: factor_text(r.value)
    )
    template = environment.from_string((EXAMPLE / "reality.md.j2").read_text(encoding="utf-8"))
    text = template.render(
        ratio=compared,
        layer=layer,
        seconds=lambda rung, n: (
            0.2 if "numpy" in rung else small_pages_seconds if rung == "one_array" else 0.1
        ),
        machine={"huge_pages": {"transparent": setting}} if setting else {},
    )
    return " ".join(text.split())


def about_pages(text: str) -> str:
    return text.partition("**Page faults.**")[2].partition("**Time.**")[0]


def about_time(text: str) -> str:
    return text.partition("**Time.**")[2].partition("**Without")[0]


def test_every_setting_is_explained_in_its_own_way():
    for faults in (HUGE_PAGES, SMALL_PAGES):
        said = {about_pages(reality(setting, faults)) for setting in SETTINGS}
        assert len(said) == len(SETTINGS)


@pytest.mark.parametrize("faults", [HUGE_PAGES, SMALL_PAGES, None])
def test_every_outcome_of_the_times_is_explained_in_its_own_way(faults):
    outcomes = [(1.3, True), (0.8, True), (1.0, False)]
    said = {about_time(reality("madvise", faults, *outcome)) for outcome in outcomes}
    assert len(said) == len(outcomes)


def test_page_faults_are_blamed_only_where_there_are_many():
    blamed = "every page fault is a way into the kernel"
    assert blamed in reality("never", SMALL_PAGES, 1.3, True)
    assert blamed not in reality("madvise", HUGE_PAGES, 1.3, True)
    assert blamed not in reality("never", SMALL_PAGES, 1.0, False)
    assert blamed not in reality("never", None, 1.3, True)


def test_times_that_are_not_separated_are_not_called_faster_or_slower():
    for setting, faults in itertools.product(SETTINGS, (HUGE_PAGES, SMALL_PAGES)):
        text = reality(setting, faults, 1.0, False)
        assert "cannot tell them apart" in text
        assert "as long" not in text
        assert "faster" not in text


def test_a_size_that_malloc_keeps_is_told():
    assert "only a first run pays for them" in reality(n=1000)
    assert "only a first run pays for them" not in reality(n=4000)


def test_what_was_not_measured_is_not_spoken_of():
    assert "says nothing about the rumour" in reality(n=None)
    assert "were not counted" in reality(faults=None)


def test_the_claims_are_well_formed_and_about_rungs_that_exist():
    rungs = [path.stem.split(".")[0][3:] for path in EXAMPLE.glob("[0-9][0-9]_*")]
    document = claims.load(EXAMPLE / "claims.json", rungs, ["n"])
    assert {claim["id"] for claim in document["claims"]} >= {
        "row-temporary-memory",
        "huge-pages-faults",
    }


def test_the_readme_has_the_headings_of_every_example():
    lines = Path(EXAMPLE / "README.md").read_text(encoding="utf-8").splitlines()
    headings = [line for line in lines if line.startswith("## ")]
    assert headings == ["## Myth", "## Ladder", "## Reality", "## Try it"]


def test_what_a_small_page_costs_is_told_from_its_faults():
    text = reality(faults=SMALL_PAGES, small_pages_seconds=0.1 + 1e-6 * (SMALL_PAGES - 64))
    assert "**Small pages against huge ones.** At n = 4000 the 31,336 page faults" in text
    assert "31.3 ms, 1.00 µs for each with the clearing of its page" in text
    assert "pays the same bill" in text


def test_without_a_difference_nothing_is_told_of_what_a_page_costs():
    assert "Small pages against" not in reality(faults=SMALL_PAGES)
    assert "Small pages against" not in reality(faults=None, small_pages_seconds=0.3)
