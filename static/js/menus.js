/* Menus close when one looks elsewhere. Without this file they stay as they were put. */
const open = () => [...document.querySelectorAll("details.menu[open]")];

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});

document.addEventListener("focusin", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

/* The chosen page comes into sight in a strip that is wider than the screen. */
const chosen = document.querySelector(".tabs [aria-current]");
if (chosen) {
  const strip = chosen.closest(".tabs");
  const [tab, sight] = [chosen.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += tab.left + tab.width / 2 - sight.left - sight.width / 2;
}
