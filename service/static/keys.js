// “/” focuses the search box, j and k move between articles and pages, o opens one, ? shows the help. Keys with modifiers
// are left to the browser. The help has a box to switch them off, which this browser remembers.

const OFF = "dateline.keys.off";
let turned = ""; // which article to focus on the page to come

const titles = () => [...document.querySelectorAll(".hits h2 a")];

function areOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false; // storage is forbidden
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (areOff()) return;
  const all = titles();
  const at = all.indexOf(document.activeElement?.closest(".hits > li")?.querySelector("h2 a"));
  switch (event.key) {
    case "/":
      document.getElementById("q")?.select();
      break;
    case "j":
    case "k": {
      const to = all[event.key === "j" ? at + 1 : at < 0 ? 0 : at - 1];
      const link = document.querySelector(event.key === "j" ? "a[rel=next]" : "a[rel=prev]");
      if (to) to.focus();
      else if (link) {
        turned = all.length ? event.key : "";
        link.click();
      }
      break;
    }
    case "o":
      all[at]?.click();
      break;
    case "?":
      document.getElementById("help")?.togglePopover();
      break;
    default:
      return;
  }
  event.preventDefault();
});

document.addEventListener("dateline:page", () => {
  if (turned) titles().at(turned === "j" ? 0 : -1)?.focus();
  turned = "";
});

const box = document.getElementById("keys");
if (box) {
  box.checked = !areOff();
  box.addEventListener("change", () => {
    try {
      if (box.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "");
    } catch {
      box.checked = true; // storage is forbidden
    }
  });
}
