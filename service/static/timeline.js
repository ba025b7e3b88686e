// Dragging over the timeline selects a range of bars; arrow keys move along it, with Shift they select.

import { visit } from "./visit.js";

let from = null;
let began = 0;
let dragged = false;
let anchor = null;

const bars = (plot) => [...plot.querySelectorAll(".bars a")];
const link = (bar) => new URL(bar.getAttribute("href"), location.href);

function prepare() {
  for (const plot of document.querySelectorAll(".plot")) bars(plot)[0]?.setAttribute("tabindex", "0");
}

// The URL of the results between two bars.
function range(one, other) {
  const order = one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING ? [other, one] : [one, other];
  const url = link(order[0]);
  url.searchParams.set("to", link(order[1]).searchParams.get("to"));
  return url.href;
}

function between(plot, left, right) {
  return bars(plot).filter((bar) => {
    const place = bar.querySelector("rect").getBoundingClientRect();
    return place.right > left && place.left < right;
  });
}

function shade(plot, left, right) {
  const edge = plot.getBoundingClientRect();
  let area = plot.querySelector(".dragging");
  if (!area) {
    area = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    area.setAttribute("class", "dragging");
    area.setAttribute("y", "14");
    area.setAttribute("height", "80");
    plot.append(area);
  }
  area.setAttribute("x", left - edge.left);
  area.setAttribute("width", Math.max(1, right - left));
}

document.addEventListener("pointerdown", (event) => {
  dragged = false;
  const plot = event.target.closest?.(".plot");
  if (!plot || event.button || !event.isPrimary) return;
  from = plot;
  began = event.clientX;
});

document.addEventListener("pointermove", (event) => {
  if (!from || Math.abs(event.clientX - began) < 5) return;
  document.documentElement.classList.add("dragged");
  shade(from, Math.min(began, event.clientX), Math.max(began, event.clientX));
});

document.addEventListener("pointerup", (event) => {
  const plot = from;
  from = null;
  if (!plot) return;
  document.documentElement.classList.remove("dragged");
  plot.querySelector(".dragging")?.remove();
  if (Math.abs(event.clientX - began) < 5) return;
  const taken = between(plot, Math.min(began, event.clientX), Math.max(began, event.clientX));
  dragged = true;
  if (taken.length) visit(range(taken[0], taken.at(-1)));
});

// The click that ends a drag, by a mouse but not by touch, opens no bar; one by a key has no detail.
document.addEventListener(
  "click",
  (event) => {
    if (!dragged || !event.detail) return;
    dragged = false;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("pointercancel", () => {
  from?.querySelector(".dragging")?.remove();
  from = null;
  document.documentElement.classList.remove("dragged");
});
// Otherwise the browser would drag the link.
document.addEventListener("dragstart", (event) => event.target.closest?.(".plot") && event.preventDefault());

document.addEventListener("keydown", (event) => {
  const bar = event.target.closest?.(".bars a");
  if (!bar) return;
  const plot = bar.closest(".plot");
  const all = bars(plot);
  const at = all.indexOf(bar);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined && all[to]) {
    anchor = event.shiftKey ? (anchor ?? bar) : null;
    bar.setAttribute("tabindex", "-1");
    all[to].setAttribute("tabindex", "0");
    all[to].focus();
    if (anchor) {
      const places = [anchor, all[to]].map((end) => end.querySelector("rect").getBoundingClientRect());
      shade(plot, Math.min(...places.map((p) => p.left)), Math.max(...places.map((p) => p.right)));
    } else plot.querySelector(".dragging")?.remove();
  } else if (event.key === "Enter" && anchor) visit(range(anchor, bar));
  else return;
  event.preventDefault();
});
document.addEventListener("dateline:page", () => {
  anchor = null;
  prepare();
});
prepare();
