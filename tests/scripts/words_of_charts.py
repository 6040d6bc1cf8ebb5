"""What every chart promises of its words."""

from itertools import combinations


def assert_words_are_apart(figure, where: str) -> None:
    """None leaves the figure, none meets another, none is smaller than 16 points."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    renderer = FigureCanvasAgg(figure).get_renderer()
    written = [text for text in figure.axes[0].texts if text.get_text()]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in written]
    width, height = figure.bbox.size
    for words, box in boxes:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
        assert inside, f"{where}: {words!r} leaves the figure"
    for (one, a), (other, b) in combinations(boxes, 2):
        apart = a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 + 1 or b.y1 <= a.y0 + 1
        assert apart, f"{where}: {one!r} meets {other!r}"
    assert min(text.get_fontsize() for text in written) >= 16
