// Where one's own machine stands. The page remembers nothing: it may lie anywhere.
const numbers = JSON.parse(document.getElementById("numbers").textContent);
const own = document.getElementById("own");

function three(value) {
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 });
}

function timeText(seconds) {
  const units = [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]];
  const [size, unit] = units.find(([size]) => seconds >= 0.9995 * size) || units[3];
  return `${three(seconds / size)} ${unit}`;
}

function ordinal(place) {
  const ending = ["th", "st", "nd", "rd"];
  const teens = place % 100 > 10 && place % 100 < 14;
  return `${place}${teens ? "th" : ending[place % 10] || "th"}`;
}

function placeAmong(value, every) {
  return `${ordinal(1 + every.filter((each) => each < value).length)} of ${every.length}`;
}

function say(element, text) {
  element.textContent = text;
  element.hidden = text === "";
}

function showOwn() {
  const mine = own.value;
  for (const each of document.querySelectorAll(".own")) each.classList.remove("own");
  for (const each of mine === "" ? [] : document.querySelectorAll(`.m${mine}`)) {
    each.classList.add("own");
    // What is drawn last is not hidden by another.
    if (each.matches("circle")) each.parentNode.append(each);
  }
  for (const strip of document.querySelectorAll(".strip")) {
    const row = numbers[strip.dataset.row];
    const seconds = mine === "" ? null : row[mine];
    const known = row.filter((each) => each !== null);
    const told = seconds === null ? "" : `mine: ${timeText(seconds)}, ${placeAmong(seconds, known)}`;
    say(strip.querySelector(".yours"), told);
  }
  for (const answer of document.querySelectorAll("[data-machines]")) {
    answer.querySelector(".yours").hidden = !answer.dataset.machines.split(" ").includes(mine);
  }
  for (const cell of document.querySelectorAll("th.mine")) cell.hidden = mine === "";
  for (const cell of document.querySelectorAll("td.mine")) {
    const places = cell.dataset.places.trim().split(" ").map((place) => place.split(":"));
    const at = places.findIndex(([machine]) => machine === mine);
    cell.textContent = at < 0 ? "too few rows" : `${ordinal(at + 1)} of ${places.length}, ${places[at][1]} ×`;
    cell.hidden = mine === "";
  }
}

own.addEventListener("change", showOwn);
document.getElementById("choice").hidden = false;
showOwn();
