"use strict";
(() => {
  const slides = [...document.querySelectorAll(".slide")];
  let now = 0, speaker = null;
  document.body.classList.add("live");

  const show = (place) => {
    now = Math.max(0, Math.min(slides.length - 1, place));
    slides.forEach((slide, i) => slide.classList.toggle("now", i === now));
    history.replaceState(null, "", `#${now + 1}`);
    tell();
  };

  const fit = () => {
    const scale = Math.min(innerWidth / 1280, innerHeight / 720);
    for (const slide of slides) {
      slide.style.transform = `scale(${scale})`;
      slide.style.left = `${(innerWidth - 1280 * scale) / 2}px`;
      slide.style.top = `${(innerHeight - 720 * scale) / 2}px`;
    }
    document.querySelector("main").style.height = `${innerHeight}px`;
  };

  const began = Date.now();
  const tell = () => {
    if (!speaker || speaker.closed) return;
    const page = speaker.document;
    const next = slides[now + 1];
    page.body.replaceChildren();
    const add = (name, text) => {
      const made = page.createElement(name);
      made.textContent = text;
      page.body.append(made);
      return made;
    };
    const minutes = Math.floor((Date.now() - began) / 60000);
    add("p", `${now + 1} of ${slides.length}, ${minutes} min since the deck was opened`);
    add("h1", slides[now].querySelector("h1").textContent);
    add("div", "").innerHTML = slides[now].querySelector(".notes").innerHTML;
    add("p", next ? `Next: ${next.querySelector("h1").textContent}` : "The last slide.");
  };

  const openNotes = () => {
    speaker = window.open("", "notes", "width=640,height=480");
    if (!speaker) return;
    speaker.document.title = "Notes";
    speaker.document.body.style.cssText = "font: 1.3rem/1.5 system-ui, sans-serif; margin: 1.5rem";
    speaker.document.onkeydown = pressed;
    tell();
  };

  const fullScreen = () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();

  const keys = {
    ArrowRight: () => show(now + 1), PageDown: () => show(now + 1), " ": () => show(now + 1),
    ArrowLeft: () => show(now - 1), PageUp: () => show(now - 1), Backspace: () => show(now - 1),
    Home: () => show(0), End: () => show(slides.length - 1),
    f: fullScreen, n: openNotes, p: () => print(),
  };
  const pressed = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !keys[event.key]) return;
    if (event.key === " " && event.target.tagName === "BUTTON") return;
    event.preventDefault();
    keys[event.key]();
  };

  document.addEventListener("keydown", pressed);
  document.getElementById("back").onclick = keys.ArrowLeft;
  document.getElementById("forth").onclick = keys.ArrowRight;
  document.getElementById("speaker").onclick = openNotes;
  document.getElementById("print").onclick = () => print();
  addEventListener("resize", fit);
  addEventListener("hashchange", () => show(Number(location.hash.slice(1)) - 1 || 0));
  setInterval(tell, 20000);
  fit();
  show(Number(location.hash.slice(1)) - 1 || 0);
})();
