"""Turn the charts of a run into parts of one HTML page that follow its theme."""

from __future__ import annotations

import re

from ..charts import Chart
from .embedded import packed_table

TAG = re.compile(r"<(/?)(\w+)([^>]*?)(/?)>")


class ChartSheet:
    """Charts for one page, which brings the letters of them all along once."""

    def __init__(self, every: list[Chart]):
        self.charts = every
        self.styles: dict[str, str] = {}  # what matplotlib writes: the class that stands for it
        self.letters: set[str] = set()
        self.count = 0

    def figures(self, *of: str, example: str = "", slug: str = "") -> list[dict]:
        """Charts of these sorts, of an example or of one thing of it, each wide and narrow."""
        return [
            {
                "name": chart.name,
                "data": packed_table(chart.csv(), title=chart.words.title, alt=chart.alt),
                "alt": chart.alt,
                "wide": self._inline(chart, narrow=False),
                "narrow": self._inline(chart, narrow=True),
            }
            for chart in self.charts
            if chart.kind.OF in of
            and (not example or chart.thing.example == example)
            and (not slug or chart.slug == slug)
        ]

    def css(self) -> str:
        """What all charts of the page share."""
        from ..charts._files import font_faces

        rules = (f".{name}{{{style}}}" for style, name in self.styles.items())
        return font_faces("".join(sorted(self.letters))) + "".join(rules)

    def _inline(self, chart: Chart, narrow: bool) -> str:
        """An <svg> that scales, with colours of the page and ids of its own."""
        from ..charts._files import svg

        self.count += 1
        text = themed(bare(svg(chart, narrow).decode("utf-8")))
        self.letters.update(text)
        names = dict.fromkeys(re.findall(r'\bid="([^"]*)"', text))
        own = {name: f"c{self.count}-{place}" for place, name in enumerate(names)}
        text = re.sub(r'\bid="([^"]*)"', lambda named: f'id="{own[named[1]]}"', text)
        text = re.sub(r"#(m\w+|h\w+)\b", lambda named: f"#{own.get(named[1], named[1])}", text)
        return re.sub(r'style="([^"]*)"', self._class, text)

    def _class(self, style: re.Match) -> str:
        return f'class="{self.styles.setdefault(style[1], f"s{len(self.styles)}")}"'


def bare(svg: str) -> str:
    """Without what only a file of its own needs: prologue, metadata, style, size, line breaks."""
    from ..charts._look import MARGIN

    svg = svg[svg.index("<svg") :]
    for part in ("metadata", "style", "clipPath"):
        # Nothing reaches beyond the axes, so nothing needs clipping.
        svg = re.sub(rf"<{part}\b.*?</{part}>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    head, _, body = svg.partition(">")
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head)
    assert size, "matplotlib says how large a picture is"
    width, height = size.groups()
    # The page has margins of its own.
    trim = 72 * (MARGIN - 0.05)
    view = f'viewBox="{trim:g} {trim:g} {float(width) - 2 * trim:g} {float(height) - 2 * trim:g}"'
    body = re.sub(r' (clip-path|transform="rotate\(-0)[^"]*"[^"]*?"?(?=[ >/])', "", body)
    body = re.sub(r"<defs>\s*</defs>", "", body)
    body = re.sub(r'<path d="M [\d.-]+ [\d.-]+ "[^>]*/>', "", body)
    body = re.sub(r'<g id="[^"]*"', "<g", body)
    body = re.sub(r">\s+<", "><", body)
    body = re.sub(r"\s*\n\s*", " ", body)
    body = re.sub(r"<[^>]*>", _shorter, body)
    # SVG 2 knows plain href; HTML would need the old name's prefix to be declared.
    body = _without_empty_groups(body.replace("xlink:href", "href"))
    return f'<svg {view} aria-hidden="true" focusable="false">{body}'


def _shorter(tag: re.Match) -> str:
    """Numbers of a drawing, never those of its words."""
    # A tenth of a point is finer than any screen; what is below one may be a factor.
    told = re.sub(r"(?<![\d.])([1-9]\d*\.\d)\d+", r"\1", tag[0])
    told = re.sub(r"(?<=\d)\.0(?!\d)", "", told)
    return re.sub(r' d="[^"]*"', lambda path: re.sub(r" ?([MLCQz]) ?", r"\1", path[0]), told)


def _without_empty_groups(body: str) -> str:
    """Groups that say nothing of what they hold are most of the bytes of a grid."""
    kept: list[bool] = []

    def keep(tag: re.Match) -> str:
        closing, name, attributes, alone = tag.groups()
        if name != "g":
            return tag[0]
        if alone:
            return ""
        if closing:
            return tag[0] if kept.pop() else ""
        kept.append(bool(attributes.strip()))
        return tag[0] if kept[-1] else ""

    return TAG.sub(keep, body)


def themed(svg: str) -> str:
    """Each colour by its role, for the style sheet to choose."""
    from ..charts._look import palette

    for role, color in palette("light").items():
        svg = re.sub(color, f"var(--chart-{css_name(role)})", svg, flags=re.IGNORECASE)
    return svg


def theme_css(theme: str) -> str:
    from ..charts._look import palette

    return " ".join(f"--chart-{css_name(role)}: {c};" for role, c in palette(theme).items())


def css_name(role: str) -> str:
    return role.replace("+", "p")
