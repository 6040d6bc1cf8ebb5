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
      const text = claim.textContent.toLowerCase();
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
