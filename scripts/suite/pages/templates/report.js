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
