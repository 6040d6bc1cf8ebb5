// The theme follows the system until somebody asks for the other one.
const root = document.documentElement;
const button = document.getElementById("theme");
const systemDark = window.matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches;
}

function nameButton() {
  button.textContent = isDark() ? "Light theme" : "Dark theme";
}

button.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  nameButton();
});
systemDark.addEventListener("change", nameButton);
nameButton();
button.hidden = false;

// Without this script all claims are there, and a claim that a link leads to is unfolded by hand.
const filter = document.getElementById("filter");

function showAskedFor() {
  const words = filter.elements.words.value.toLowerCase().split(/\s+/);
  const verdict = filter.elements.verdict.value;
  const myth = filter.elements.myth ? filter.elements.myth.value : "";
  let shown = 0;
  let all = 0;
  for (const group of document.querySelectorAll(".claims")) {
    let any = false;
    for (const claim of group.querySelectorAll(".claim")) {
      const parts = [...claim.children].filter((part) => !part.matches(".save"));
      const text = parts.map((part) => part.textContent).join(" ").toLowerCase();
      claim.hidden =
        (myth !== "" && myth !== group.dataset.myth) ||
        (verdict !== "" && verdict !== claim.dataset.verdict) ||
        !words.every((word) => text.includes(word));
      any ||= !claim.hidden;
      shown += claim.hidden ? 0 : 1;
      all += 1;
    }
    group.hidden = !any;
  }
  filter.querySelector("output").textContent = `${shown} of ${all} claims`;
}

function unfoldTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target || !target.matches(".claim")) return;
  if (target.hidden) {
    filter.reset();
    showAskedFor();
  }
  target.open = true;
  target.scrollIntoView();
}

if (filter) {
  filter.addEventListener("input", showAskedFor);
  filter.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", unfoldTarget);
  filter.reset();
  filter.hidden = false;
  showAskedFor();
  unfoldTarget();
}

// The list of contents lies over what it leads to.
const contents = document.querySelector("nav details");
contents.addEventListener("click", (event) => {
  if (event.target.matches("a")) contents.open = false;
});

// What the page holds can be saved from it, wherever it lies.
async function unpacked(letters) {
  const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

// A chart takes its look from the page; a file of its own brings it along.
function standalone(svg) {
  const look = getComputedStyle(root);
  const colored = (text) =>
    text.replace(/var\((--[\w-]+)\)/g, (_, name) => look.getPropertyValue(name).trim());
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const styles = new Map(rules.map((rule) => [rule.selectorText, rule]));
  const copy = svg.cloneNode(true);
  for (const part of copy.querySelectorAll("[class]")) {
    const rule = styles.get("." + part.getAttribute("class"));
    part.removeAttribute("class");
    if (rule) part.setAttribute("style", rule.style.cssText);
  }
  const fonts = document.createElementNS(svg.namespaceURI, "style");
  fonts.textContent = rules
    .filter((rule) => rule instanceof CSSFontFaceRule)
    .map((rule) => rule.cssText)
    .join("");
  copy.prepend(fonts);
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  return colored(new XMLSerializer().serializeToString(copy));
}

async function painted(text) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * image.width;
  canvas.height = 2 * image.height;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

async function content(line, form) {
  if (form === "csv" || form === "json") return new Blob([await unpacked(line.dataset[form])]);
  const text = standalone(line.closest("figure").querySelector(".chart.wide svg"));
  return form === "svg" ? new Blob([text], { type: "image/svg+xml" }) : painted(text);
}

for (const line of document.querySelectorAll(".save")) {
  line.hidden = false;
  line.addEventListener("click", async (event) => {
    const form = event.target.value;
    if (!form) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await content(line, form));
    link.download = `${line.dataset.name}.${form}`;
    link.click();
    // Not at once: a browser may begin to read only then.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
}
