"""The deck in a real browser: each slide inside its frame, keys, nothing asked from outside."""

import pytest

pytest.importorskip("jinja2", reason="jinja2 is not installed")
pytest.importorskip("matplotlib", reason="matplotlib is not installed")
pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")

from suite.pages import browser, deck, deck_files, handout, keep_reference

# By how many pixels the content of a slide, or code on it, is larger than its frame.
BEYOND = """() => [...document.querySelectorAll(".slide")].flatMap((slide) => {
  const hidden = !slide.classList.contains("now");
  if (hidden) slide.classList.add("now");
  const frame = slide.querySelector(".body");
  const boxes = [frame, ...frame.querySelectorAll("pre, table, img")];
  const found = boxes.filter((box) =>
    box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1);
  const name = slide.querySelector("h1").textContent;
  if (hidden) slide.classList.remove("now");
  return found.map((box) => `${name}: ${box.tagName}`);
})"""

# Contrast of each text with what lies behind it, by the formula of WCAG 2.1.
PALE = """() => {
  const light = (color) => {
    const parts = color.match(/[\\d.]+/g).slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)|transparent/.test(color)) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const found = new Set();
  for (const element of document.querySelectorAll(".slide *")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const [one, other] = [light(getComputedStyle(element).color), light(behind(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) found.add(`${element.textContent.trim().slice(0, 40)}: ${contrast}`);
  }
  return [...found];
}"""


@pytest.fixture(scope="session", params=["light", "dark"])
def deck_file(request, tmp_path_factory):
    run = next(keep_reference.REFERENCES.glob("*/run.json")).parent
    return deck_files.write(run, tmp_path_factory.mktemp("deck"), request.param, ["html"])[0]


@pytest.fixture
def page(request, deck_file):
    page = request.getfixturevalue("browser").new_page(viewport={"width": 1280, "height": 720})
    page.asked, page.faults = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda said: said.type == "error" and page.faults.append(said.text))
    page.goto(deck_file.as_uri())
    yield page
    page.close()


def test_each_slide_stays_inside_its_frame(page):
    assert page.evaluate(BEYOND) == []


def test_nothing_is_asked_from_outside_and_nothing_goes_wrong(page, deck_file):
    page.keyboard.press("End")
    outside = [url for url in page.asked if not url.startswith(("data:", deck_file.as_uri()))]
    assert outside == []
    assert page.faults == []


def test_all_text_stands_out_from_its_ground(page):
    assert page.evaluate(PALE) == []


def test_each_figure_is_told_to_those_who_cannot_see_it(page):
    told = page.evaluate("[...document.querySelectorAll('img')].map((image) => image.alt.length)")
    assert told
    assert min(told) > 20


def test_keys_go_through_the_slides(page):
    def shown():
        return page.evaluate(
            "[...document.querySelectorAll('.slide')].map(s => s.checkVisibility())"
        )

    many = len(shown())
    for key, place in [
        ("ArrowRight", 1),
        (" ", 2),
        ("ArrowLeft", 1),
        ("End", many - 1),
        ("Home", 0),
    ]:
        page.keyboard.press(key)
        assert [i for i, seen in enumerate(shown()) if seen] == [place]
    page.keyboard.press("ArrowLeft")
    assert shown()[0]


def test_a_slide_can_be_linked_to(page, deck_file):
    page.goto(f"{deck_file.as_uri()}#5")
    page.reload()
    assert page.evaluate("document.querySelector('.slide.now').id") == "slide-5"


def test_the_speaker_has_a_window_with_notes_and_what_comes_next(page):
    with page.expect_popup() as opened:
        page.keyboard.press("n")
    notes = opened.value
    title = page.evaluate("document.querySelector('.slide.now h1').textContent")
    assert title in notes.inner_text("h1")
    assert "Next: " in notes.inner_text("body")
    notes.keyboard.press("ArrowRight")
    assert page.evaluate("document.querySelector('.slide.now').id") == "slide-2"


def test_printed_each_slide_is_one_page_with_its_letters(page, deck_file, tmp_path):
    browser.print_pdf(deck_file, tmp_path / "deck.pdf")
    sheets = (tmp_path / "deck.pdf").read_bytes()
    assert sheets.count(b"/Type /Page\n") == page.locator(".slide").count()
    assert b"/FontFile" in sheets


def test_a_deck_for_other_programs_has_a_picture_notes_and_words_of_each_slide(
    tmp_path, monkeypatch
):
    pptx = pytest.importorskip("pptx", reason="python-pptx is not installed")
    (tmp_path / "parts").mkdir()
    text = "# One\n\nSome words.\n\n<!-- Say this. -->\n---\n# Two\n\n{{ answers() }}\n"
    (tmp_path / "parts" / "10_part.md").write_text(text)
    monkeypatch.setattr(deck, "PARTS", tmp_path / "parts")
    run = next(keep_reference.REFERENCES.glob("*/run.json")).parent
    *_, file = deck_files.write(run, tmp_path, formats=["pptx"])
    first, second = pptx.Presentation(str(file)).slides
    assert first.notes_slide.notes_text_frame.text == "Say this."
    (picture,) = first.shapes
    assert picture.image.size == (1920, 1080)
    assert picture._element.nvPicPr.cNvPr.get("descr") == "One. One Some words."
    assert picture.image.blob != second.shapes[0].image.blob


def test_the_handout_is_two_sheets_and_all_of_it_is_on_them(request, tmp_path):
    run = next(keep_reference.REFERENCES.glob("*/run.json")).parent
    page = request.getfixturevalue("browser").new_page(viewport={"width": 1000, "height": 1400})
    html, pdf = handout.write(run, tmp_path)
    page.goto(html.as_uri())
    assert page.evaluate(PALE.replace(".slide *", ".sheet *")) == []
    beyond = """[...document.querySelectorAll('.sheet, .tile')].filter((box) =>
      box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1).length"""
    assert page.evaluate(beyond) == 0
    page.close()
    assert pdf.read_bytes().count(b"/Type /Page\n") == 2
