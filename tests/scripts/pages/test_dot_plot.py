"""The small plot in the tile of a myth."""

from __future__ import annotations

import math
import re

import pytest

from suite.pages.dot_plot import LEFT, RIGHT, dot_plot
from suite.runs import results
from synthetic_run import Builder, case, rung

SOURCES = {"loop": "", "arrays": "import numpy", "compiled": "import numba", "fused": ""}


def plotted(**seconds: float) -> dict | None:
    """Of a ladder on which these rungs were measured."""
    builder = Builder(7, noise=0.001)
    rungs = [
        {
            **rung(name, i + 1, f"src/sums/{name}.{'cpp' if name == 'fused' else 'py'}", ""),
            "source": source,
        }
        for i, (name, source) in enumerate(SOURCES.items())
    ]
    builder.ladder("sums", cases=[case("n:9", 9)], rungs=rungs, baseline="loop")
    for name, took in seconds.items():
        builder.ok("sums", name, "n:9", took)
    return dot_plot(results.read(builder.document()), "sums")


def share(place: str) -> float:
    return (float(place.removesuffix("%")) - LEFT) / (RIGHT - LEFT)


def test_each_tool_that_was_measured_has_a_dot_and_no_other():
    plot = plotted(loop=8.0, arrays=0.8, fused=0.01)
    assert plot
    told = [(dot["name"], dot["text"]) for dot in plot["dots"]]
    assert told == [("Python", "1.0 ×"), ("NumPy", "10 ×"), ("C++", "800 ×")]
    assert all(f"{name} {text}" in plot["alt"] for name, text in told)


def test_equal_factors_are_equal_distances():
    plot = plotted(loop=8.0, arrays=0.8, compiled=0.08, fused=0.04)
    assert plot
    at = {dot["name"]: share(dot["at"]) for dot in plot["dots"]}
    assert at["NumPy"] - at["Python"] == pytest.approx(at["Numba"] - at["NumPy"], abs=0.01)
    assert at["C++"] / at["NumPy"] == pytest.approx(math.log10(200), abs=0.05)


def test_what_is_slower_than_the_baseline_stays_in_the_plot():
    plot = plotted(loop=1.0, arrays=50.0, fused=0.5)
    assert plot
    places = [share(dot[end]) for dot in plot["dots"] for end in ("low", "at", "high")]
    assert min(places) == pytest.approx(0, abs=0.01) and max(places) == pytest.approx(1, abs=0.01)
    ticks = {tick["text"]: share(tick["at"]) for tick in plot["ticks"]}
    assert 0.5 < ticks["1 ×"] < 1


def test_labels_of_the_axis_are_few_however_long_it_is():
    plot = plotted(loop=1e6, arrays=1.0, fused=1e-3)
    assert plot
    assert [tick["text"] for tick in plot["ticks"]] == ["1 ×", "100,000 ×"]


@pytest.mark.parametrize("seconds", [{}, {"loop": 8.0}, {"arrays": 0.8, "fused": 0.01}])
def test_without_two_tools_and_the_baseline_there_is_no_plot(seconds):
    assert plotted(**seconds) is None


def test_places_are_percents_of_the_width():
    plot = plotted(loop=8.0, fused=0.01)
    assert plot
    assert all(re.fullmatch(r"\d+\.\d%", dot["at"]) for dot in plot["dots"])
