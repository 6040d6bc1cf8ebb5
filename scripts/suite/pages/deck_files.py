"""Write the deck of a run: one HTML file, and from it PDF and PPTX where that can be."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..runs import results
from . import browser, deck
from .deck import Slide

FORMATS = ("html", "pdf", "pptx")
# Of a slide, in pixels of 1/96 inch; a picture of one has as many as a projector shows.
WIDTH, HEIGHT = 1280, 720
PICTURE_SCALE = 1.5


def write(
    folder: Path,
    output: Path | None = None,
    theme: str = "light",
    formats: Iterable[str] = ("html", "pdf"),
) -> list[Path]:
    """The files that were written, by default in slides/ beside it, the HTML always first.

    What cannot be made is said in a line. Raises Refused for a run or a part that cannot be read.
    """
    if missing := deck.why_not():
        print(f"slides: skipped: {missing}", file=sys.stderr)
        return []
    run = results.load(folder)
    told = deck.slides(run, theme)
    html = (output or deck.place_of(folder)) / "deck.html"
    results.write_text(html, deck.page(run, told, theme))
    written = [html]
    makers: dict[str, Callable[[], Path]] = {
        "pdf": lambda: _pdf(html),
        "pptx": lambda: _pptx(html, told),
    }
    for form in formats:
        if form in makers:
            try:
                written.append(makers[form]())
            except browser.NoPicture as why:
                print(f"slides: no {form}: {why}", file=sys.stderr)
    return written


def _pdf(html: Path) -> Path:
    pdf = html.with_suffix(".pdf")
    browser.print_pdf(html, pdf)
    return pdf


def _pptx(html: Path, told: Sequence[Slide]) -> Path:
    """A picture of each slide, with its title and its words for those who cannot see it, and with
    the speaker's notes."""
    try:
        import pptx
        from pptx.util import Inches
    except ImportError:
        lacking = "python-pptx is not installed (build/python -m pip install python-pptx)"
        raise browser.NoPicture(lacking) from None
    shown = pptx.Presentation()
    shown.slide_width, shown.slide_height = Inches(WIDTH / 96), Inches(HEIGHT / 96)
    with tempfile.TemporaryDirectory() as folder:
        pictures = [Path(folder) / f"{place}.png" for place in range(1, len(told) + 1)]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda picture: _picture(html, picture), pictures))
        for slide, picture in zip(told, pictures):
            page = shown.slides.add_slide(shown.slide_layouts[6])
            put = page.shapes.add_picture(str(picture), 0, 0, shown.slide_width)
            put._element.nvPicPr.cNvPr.set("descr", f"{slide.title}. {slide.words}")
            page.notes_slide.notes_text_frame.text = slide.notes
    content = io.BytesIO()
    shown.save(content)
    path = html.with_suffix(".pptx")
    results.write_bytes(path, content.getvalue())
    return path


def _picture(html: Path, picture: Path) -> None:
    """Of the slide that the picture's name counts."""
    url = f"{html.resolve().as_uri()}#{picture.stem}"
    browser.take_picture(url, picture, WIDTH, HEIGHT, PICTURE_SCALE)
