// “/” focuses the search box, j and k move between articles, o opens one, ? shows the help. Keys with modifiers are left
// to the browser.

const titles = () => [...document.querySelectorAll(".hits h2 a")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const all = titles();
  const at = all.indexOf(document.activeElement?.closest(".hits > li")?.querySelector("h2 a"));
  switch (event.key) {
    case "/":
      document.getElementById("q")?.select();
      break;
    case "j":
    case "k": {
      const to = all[event.key === "j" ? Math.min(at + 1, all.length - 1) : Math.max(at - 1, 0)];
      if (to) to.focus();
      else document.querySelector(event.key === "j" ? "a[rel=next]" : "a[rel=prev]")?.click();
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
