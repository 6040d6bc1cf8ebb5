"""What every chart promises of its words, by the boxes that the renderer reports."""

from __future__ import annotations

import csv
import io
from itertools import combinations


def charts_of(run, kind: str) -> list:
    """The charts of this kind that a run has."""
    from suite import charts

    return [chart for chart in charts.of_run(run) if chart.name.endswith(f"-{kind}")]


def table(chart) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(chart.csv())))


def written(figure) -> list[tuple]:
    """All words of a figure as they are drawn, each with its box and its size."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    found = []
    for text in figure.findobj(Text):
        words = text.get_text().strip()
        if words and text.get_visible() and id(text) not in _out_of_view(figure):
            # Of an annotation the words alone: its arrow may reach wherever it points.
            found.append((words, Text.get_window_extent(text, renderer), text.get_fontsize()))
    return found


def texts(figure) -> list[str]:
    return [words.replace("\n", " ") for words, _, _ in written(figure)]


def _out_of_view(figure) -> set[int]:
    """Labels of ticks that matplotlib keeps beyond the ends of an axis."""
    hidden = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            air = 1e-9 * (high - low)
            for tick in axis.get_major_ticks():
                if not low - air <= tick.get_loc() <= high + air:
                    hidden |= {id(tick.label1), id(tick.label2)}
    return hidden


def assert_words_are_apart(figure, where: str) -> None:
    """None leaves the figure, none meets another, none is smaller than 16 points."""
    boxes = written(figure)
    assert boxes
    width, height = figure.bbox.size
    for words, box, size in boxes:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
        assert inside, f"{where}: {words!r} leaves the figure"
        assert size >= 16, f"{where}: {words!r} is written in {size} points"
    for (one, a, _), (other, b, _) in combinations(boxes, 2):
        apart = a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 or a.y1 <= b.y0 + 1 or b.y1 <= a.y0 + 1
        assert apart, f"{where}: {one!r} meets {other!r}"
