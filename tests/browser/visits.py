"""A page in a real browser, and what must not be found on it."""

from __future__ import annotations

SCREENS = {"desktop": (1280, 900), "tablet": (820, 1100), "phone": (390, 844)}
VIEWS = [(screen, scheme) for screen in ("desktop", "phone") for scheme in ("light", "dark")]

# Elements whose own text is wider than they are, or that reach beyond the page. What may be
# scrolled by itself, or is there for screen readers only, is left aside.
CLIPPED = """() => {
  const wide = document.documentElement.clientWidth;
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest("svg, pre, .skip, .hidden")) continue;
    if (!element.checkVisibility()) continue;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (box.width === 0 || style.display === "inline" || style.display === "contents") continue;
    const words = element.textContent.trim().slice(0, 60);
    const name = `${element.tagName}.${element.className}: ${words}`;
    if (element.scrollWidth > element.clientWidth + 1) found.push("clipped " + name);
    if (box.right > wide + 1 || box.left < -1) found.push("beyond the page " + name);
  }
  return found;
}"""

# Cells of text that share some place: table cells, list items, headings, paragraphs.
OVERLAPPING = """() => {
  const boxes = [];
  const written = "h1,h2,h3,p,li,td,th,dt,dd";
  const all = document.querySelectorAll(written + ",caption,summary,button,.chart");
  for (const element of all) {
    if (!element.checkVisibility() || element.closest(".hidden, .skip")) continue;
    if (element.querySelector(written)) continue;
    const box = element.getBoundingClientRect();
    const words = element.textContent.trim().slice(0, 40);
    if (box.width && box.height) boxes.push({ words, box, element });
  }
  boxes.sort((one, other) => one.box.top - other.box.top);
  const found = [];
  boxes.forEach((one, i) => {
    for (const other of boxes.slice(i + 1)) {
      if (other.box.top >= one.box.bottom - 1) break;
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      if (one.box.right > other.box.left + 1 && other.box.right > one.box.left + 1)
        found.push(`${one.words} | ${other.words}`);
    }
  });
  return found;
}"""


class Visit:
    """A page that was opened, and what it asked for and complained about meanwhile."""

    def __init__(self, browser, path, screen, scheme):
        width, height = SCREENS[screen]
        self.page = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(path.as_uri())

    def unfold(self):
        self.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.page.close()
