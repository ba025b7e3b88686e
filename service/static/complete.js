// Suggests names of the archive as one is typed. Choosing one makes it a filter, and removes it from the search box.

import { address, here, visit } from "./visit.js";
import { local, say } from "./words.js";

const WAIT = 120;
const SUGGEST = new URL("../api/suggest", import.meta.url);  // below the path at which the service is mounted
let waiting = 0;
let asked = "";

const box = () => document.getElementById("q");
const list = () => document.getElementById("completions");

function prepare() {
  const input = box();
  if (!input || !list()) return;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", "completions");
  input.setAttribute("aria-expanded", "false");
}

// The last words of the search box that may be the beginning of a name: all of them, then fewer; each is excluded if it
// directly follows “-” or NOT.
function tails(text) {
  const words = /[^"():~*]*$/.exec(text)[0].split(/\s+/).filter(Boolean);
  const from = words.findLastIndex((word) => ["AND", "OR", "NOT"].includes(word) || word.startsWith("-"));
  const minus = words[from]?.startsWith("-");
  const last = [...(minus ? [words[from].slice(1)] : []), ...words.slice(from + 1)];
  return last
    .map((_, number) => ({ tail: last.slice(number).join(" "), out: number === 0 && (minus || words[from] === "NOT") }))
    .slice(-4)
    .filter(({ tail }) => tail.length > 1);
}

async function offer() {
  const text = box().value;
  asked = text;
  for (const { tail, out } of tails(text)) {
    const answer = await fetch(`${SUGGEST}?${new URLSearchParams({ q: tail })}`);
    if (!answer.ok || asked !== text) return;
    const { suggestions } = await answer.json();
    if (asked !== text) return;
    if (suggestions.length) return show(suggestions, tail, out);
  }
  hide();
}

function show(suggestions, tail, out) {
  list().replaceChildren(
    ...suggestions.slice(0, 8).map((found, number) => {
      const row = document.createElement("li");
      row.id = `completion-${number}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.dataset.type = found.type;
      row.dataset.value = found.value;
      row.dataset.tail = tail;
      if (out) row.dataset.out = "";
      for (const [part, text] of [["kind", out ? say("not {type}", { type: say(found.type) }) : say(found.type)], ["label", found.label], ["count", local(found.count)]]) {
        const cell = document.createElement("span");
        cell.className = part;
        cell.textContent = text;
        row.append(cell, " ");
      }
      return row;
    }),
  );
  list().hidden = false;
  box().setAttribute("aria-expanded", "true");
  box().removeAttribute("aria-activedescendant");
}

function hide() {
  asked = "";
  if (!list()) return;
  list().hidden = true;
  box().setAttribute("aria-expanded", "false");
  box().removeAttribute("aria-activedescendant");
}

function move(step) {
  const rows = [...list().children];
  const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const to = at < 0 && step < 0 ? rows.length - 1 : at + step;
  rows.forEach((row, number) => row.setAttribute("aria-selected", String(number === to)));
  if (rows[to]) {
    box().setAttribute("aria-activedescendant", rows[to].id);
    rows[to].scrollIntoView({ block: "nearest" });
  } else box().removeAttribute("aria-activedescendant");
}

// Adds the name to the query, or excludes it: in a facet with several values per article, all selected ones are required.
function choose(row) {
  const { type, value, tail, out } = row.dataset;
  const input = box();
  input.value = input.value.slice(0, input.value.trimEnd().length - tail.length).replace(/(\s|AND|OR|NOT|-|")*$/, "");
  hide();
  const form = input.form;
  const url = new URL(address(form), location.href);
  const query = url.searchParams;
  const any = query.getAll(type);
  const several = (form.dataset.multiple ?? "person country topic").split(" ").includes(type);
  if (out !== undefined) query.append(`${type}.not`, value);
  else if (several && (any.length || query.has(`${type}.all`) || query.has(`${type}.missing`))) {
    if (any.length === 1 && !query.has(`${type}.missing`)) {
      query.delete(type);
      query.append(`${type}.all`, any[0]);
    }
    query.append(`${type}.all`, value);
  } else query.append(type, value);
  if (!query.get("q")) query.delete("q");
  if (here(url)) visit(url.href);
  else location.assign(url.href);
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "q") return;
  clearTimeout(waiting);
  asked = "";
  waiting = setTimeout(offer, WAIT);
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "q" || event.isComposing || !list() || list().hidden) return;
  const row = list().querySelector("[aria-selected=true]");
  if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  else if (event.key === "Escape") hide();
  else if (event.key === "Enter" && row) choose(row);
  else return;
  event.preventDefault();
});

document.addEventListener("submit", () => {
  clearTimeout(waiting);
  hide();
});
document.addEventListener("pointerdown", (event) => {
  const row = event.target.closest?.("#completions li");
  if (row) {
    event.preventDefault();
    choose(row);
  } else if (event.target.id !== "q") hide();
});
document.addEventListener("focusin", (event) => {
  if (event.target.id !== "q") hide();
});
document.addEventListener("dateline:page", prepare);
prepare();
