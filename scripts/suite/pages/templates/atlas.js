"use strict";
(() => {
  const form = document.getElementById("filters");
  const tools = [...document.querySelectorAll(".tool")];
  const apply = () => {
    const asked = new FormData(form);
    const words = asked.get("words").trim().toLowerCase();
    let shown = 0;
    for (const tool of tools) {
      const fits = ["state", "strategy", "paradigm", "platform"].every(
        (name) => !asked.get(name) || tool.dataset[name].split("|").includes(asked.get(name)));
      tool.hidden = !fits || !tool.textContent.toLowerCase().includes(words);
      shown += !tool.hidden;
    }
    for (const group of document.querySelectorAll(".group"))
      group.hidden = !group.querySelector(".tool:not([hidden])");
    form.querySelector("output").textContent = `${shown} of ${tools.length}`;
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
