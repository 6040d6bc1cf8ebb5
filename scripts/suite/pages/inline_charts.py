"""Turn the charts of a run into parts of one HTML page that follow its theme."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..charts.draw_charts import draw, picture
from ..charts.page import MARGIN, palette, rendered
from ..runs.results import Group, Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GLYPH = re.compile(r'<path id="(DejaVuSans[^"]*)"([^>]*?)/>')


class ChartSheet:
    """Charts for one page. Letters are drawn once for all charts: they are most of the bytes."""

    def __init__(self, run: Run):
        self.run = run
        self.glyphs: dict[str, tuple[str, str]] = {}  # matplotlib's name: ours, what is drawn
        self.count = 0

    def chart(self, group: Group, kind: str, narrow: bool) -> str:
        """An <svg> that scales, with colours of the page and ids of its own."""
        self.count += 1
        if narrow:
            svg = rendered(draw(self.run, group, kind, narrow=True), "svg")
        else:
            svg = picture(self.run, group, kind, "svg", "light")
        return self._own_ids(themed(bare(svg.decode("utf-8"))))

    def drawn(self, shown: object, by: Callable[..., Figure], narrow: bool) -> str:
        """The same for any other chart, by the function that draws it."""
        self.count += 1
        svg = rendered(by(self.run, shown, narrow=narrow), "svg")
        return self._own_ids(themed(bare(svg.decode("utf-8"))))

    def letters(self) -> str:
        """What all charts refer to; of no size itself."""
        paths = "".join(f'<path id="{ours}"{drawn}/>' for ours, drawn in self.glyphs.values())
        return f'<svg class="letters" aria-hidden="true"><defs>{paths}</defs></svg>'

    def _own_ids(self, svg: str) -> str:
        def keep_once(match: re.Match) -> str:
            self.glyphs.setdefault(match[1], (f"g{len(self.glyphs)}", match[2]))
            return ""

        svg = GLYPH.sub(keep_once, svg)
        svg = re.sub(r"<defs>\s*</defs>", "", svg)
        # The names of groups serve nobody here.
        svg = re.sub(r'<g id="[^"]*"', "<g", svg)
        own = f"chart{self.count}-"
        svg = re.sub(r'\bid="', f'id="{own}', svg)
        svg = re.sub(r"url\(#", f"url(#{own}", svg)
        return re.sub(
            r'href="#(DejaVuSans[^"]*)"', lambda m: f'href="#{self.glyphs[m[1]][0]}"', svg
        )


def bare(svg: str) -> str:
    """Without what only a file of its own needs: prologue, metadata, style, size, line breaks."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<style[^>]*>.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    head, _, body = svg.partition(">")
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head)
    assert size, "matplotlib says how large a picture is"
    width, height = size.groups()
    # The page has margins of its own.
    trim = 72 * (MARGIN - 0.05)
    view = f'viewBox="{trim:g} {trim:g} {float(width) - 2 * trim:g} {float(height) - 2 * trim:g}"'
    # Nothing reaches beyond the page, so nothing needs clipping.
    body = re.sub(r"<clipPath.*?</clipPath>", "", body, flags=re.DOTALL)
    body = re.sub(r' clip-path="[^"]*"', "", body)
    body = re.sub(r">\s+<", "><", body)
    body = re.sub(r"\s*\n\s*", " ", body)
    # A hundredth of a point is finer than any screen; what is below one may be a factor.
    body = re.sub(r"(?<![\d.])([1-9]\d*\.\d\d)\d+", r"\1", body)
    # SVG 2 knows plain href; HTML would need the old name's prefix to be declared.
    body = body.replace("xlink:href", "href")
    return f'<svg {view} aria-hidden="true" focusable="false">{body}'


def themed(svg: str) -> str:
    """Each colour by its role, for the style sheet to choose."""
    for role, color in palette("light").items():
        svg = re.sub(color, f"var(--chart-{css_name(role)})", svg, flags=re.IGNORECASE)
    return svg


def theme_css(theme: str) -> str:
    return " ".join(f"--chart-{css_name(role)}: {c};" for role, c in palette(theme).items())


def css_name(role: str) -> str:
    return role.replace("+", "p")
