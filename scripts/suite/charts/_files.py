"""Figures as bytes: the same for the same figure, today and tomorrow, with letters as letters."""

from __future__ import annotations

import base64
import io
import re
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib import style
from matplotlib.figure import Figure

from ..runs.words import COMMANDS
from . import Chart
from ._look import STYLES, palette

FORMATS = ("svg", "pdf", "png")
# Nothing in a file may depend on when it was drawn.
UNDATED = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}
FONTS = {400: "DejaVuSans.ttf", 700: "DejaVuSans-Bold.ttf"}
# What almost every chart writes; one subset with these serves them all.
LETTERS = "".join(map(chr, range(32, 127))) + "×µ·…–−≤≥"


def rendered(figure: Figure, form: str, theme: str = "light") -> bytes:
    content = io.BytesIO()
    with style.context(STYLES[theme], after_reset=True):
        figure.savefig(content, format=form, metadata=UNDATED[form])
    if form != "svg":
        return content.getvalue()
    # Letters are letters there, and what is none ends the picture for every reader.
    return COMMANDS.sub("\ufffd", content.getvalue().decode("utf-8")).encode("utf-8")


def picture(chart: Chart, form: str, theme: str) -> bytes:
    """The chart as a file of its own holds it."""
    if form != "svg":
        return rendered(chart.figure(theme), form, theme)
    # Drawing is what takes time, and an SVG in the dark differs in nothing but its colours.
    light = svg(chart)
    text = (light if theme == "light" else repainted(light)).decode("utf-8")
    head, end, body = text.partition("<defs>")
    return f"{head}{end}\n  <style>{font_faces(text)}</style>{body}".encode()


def svg(chart: Chart, narrow: bool = False) -> bytes:
    """In light colours, drawn once for all who ask."""
    shown = (chart.name, narrow, chart.source, repr(chart.words), chart.csv())
    if shown not in _drawn:
        _drawn[shown] = rendered(chart.figure(narrow=narrow), "svg")
    return _drawn[shown]


# By all that it shows.
_drawn: dict[tuple, bytes] = {}


def repainted(light: bytes) -> bytes:
    """A light picture in dark colours: each stands for one thing only, so none is mistaken."""
    dark = {
        color.encode(): palette("dark")[name].encode() for name, color in palette("light").items()
    }
    return re.sub(b"|".join(dark), lambda match: dark[match[0]], light)


def font_faces(text: str) -> str:
    """Style sheets that bring the letters of a text along, so that their widths hold anywhere."""
    letters = "".join(sorted({*LETTERS, *(letter for letter in text if ord(letter) > 126)}))
    return "".join(_font_face(weight, letters) for weight in FONTS)


@cache
def _font_face(weight: int, letters: str) -> str:
    from fontTools import subset

    options = subset.Options(flavor="woff", hinting=False, layout_features=["kern"])
    options.drop_tables += ["FFTM"]
    file = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / FONTS[weight]
    font = subset.load_font(str(file), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    content = io.BytesIO()
    subset.save_font(font, content, options)
    data = base64.b64encode(content.getvalue()).decode("ascii")
    return (
        f"@font-face{{font-family:'DejaVu Sans';font-weight:{weight};"
        f"src:url(data:font/woff;base64,{data})}}"
    )
