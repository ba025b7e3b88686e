// The last searches of this browser, kept in the browser only: recorded on search pages, listed on /searches.

import { local, say } from "./words.js";

const KEY = "dateline.history", OFF = "dateline.history.off", MOST = 50;
const NOT_A_SEARCH = ["page", "cursor", "more", "find", "mark", "scale"];

function read() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one?.search === "string" && one.search.startsWith("?")) : [];
  } catch {
    return []; // storage is forbidden, or another program wrote there
  }
}

function write(searches) {
  try {
    if (searches.length) localStorage.setItem(KEY, JSON.stringify(searches));
    else localStorage.removeItem(KEY);
  } catch {
    // storage is forbidden or full: there is no history
  }
}

function isOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return true;
  }
}

function record() {
  const total = document.getElementById("total");
  if (!total?.title || document.getElementById("unread") || isOff()) return; // no page of a result, or of a mistake
  const asked = new URLSearchParams(location.search);
  for (const name of NOT_A_SEARCH) asked.delete(name);
  const search = `?${asked}`;
  if (search === "?") return;
  const chips = [...document.querySelectorAll(".chips li:not(.clear)")].map(named);
  const view = asked.has("view") ? document.querySelector("#view summary b")?.textContent : "";
  const text = [asked.get("q"), ...chips, view].filter(Boolean).join(" · ");
  const one = { search, text, total: total.querySelector("strong").textContent, at: Date.now() };
  write([one, ...read().filter((other) => other.search !== search)].slice(0, MOST));
}

// A filter as its chip has it, without what else can be done with it: "Country: Germany".
function named(chip) {
  const value = [...chip.childNodes].filter((node) => node.localName !== "a" && node.className !== "kind");
  return `${chip.querySelector(".kind").textContent}: ${value.map((node) => node.textContent).join("").trim()}`;
}

function show() {
  const section = document.getElementById("history");
  if (!section) return;
  const list = section.querySelector("ol"), clear = section.querySelector("#clear"), keep = section.querySelector("#keep");
  const root = location.pathname.replace(/\/searches$/, "/");
  const draw = () => {
    const searches = read();
    list.replaceChildren(...searches.map((one) => {
      const item = document.createElement("li"), link = document.createElement("a"), about = document.createElement("span");
      link.href = root + one.search;
      link.textContent = one.text || say("everything");
      about.className = "meta";
      about.textContent = ` ${one.total ?? ""}, ${local(new Date(one.at), { dateStyle: "long", timeStyle: "short" })}`;
      item.append(link, about);
      return item;
    }));
    clear.disabled = !searches.length;
  };
  keep.checked = !isOff();
  keep.addEventListener("change", () => {
    try {
      if (keep.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    } catch {
      keep.checked = false;
    }
    if (!keep.checked) write([]);
    draw();
  });
  clear.addEventListener("click", () => { write([]); draw(); });
  section.hidden = false;
  draw();
}

record();
show();
document.addEventListener("dateline:page", () => { record(); show(); });
