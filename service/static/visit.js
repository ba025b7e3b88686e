// Fetches a page and replaces this one with it: focus, opened tables, the scroll position and what was typed meanwhile
// are preserved, and the new total is announced to screen readers. Loading the URL directly shows the same page.

const MARKS = ["details[open]:not(.menu)", ".folds:checked"];
const TYPED = "#page input:is(:not([type]), [type=search], [type=text])";
let running = null;

export async function visit(url, { replace = false, top = false, push = true } = {}) {
  running?.abort();
  const own = (running = new AbortController());
  const values = [...document.querySelectorAll(TYPED)].map((field) => [field, field.value]);
  let answer, text;
  try {
    answer = await fetch(url, { signal: own.signal, headers: { Accept: "text/html" } });
    text = await answer.text();
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
    return;
  }
  if (answer.redirected) return location.assign(answer.url);
  if (!answer.headers.get("Content-Type")?.startsWith("text/html")) return location.assign(url);
  const given = new DOMParser().parseFromString(text, "text/html");
  const fresh = given.getElementById("page");
  if (!fresh) return location.assign(url);
  if (push) {
    history.replaceState({ y: scrollY }, "");
    history[replace ? "replaceState" : "pushState"]({ y: top ? 0 : scrollY }, "", answer.url);
  }
  put(fresh, given.title, top, values);
  const hash = new URL(url, location.href).hash;
  const target = hash && document.getElementById(hash.slice(1));
  if (target) target.scrollIntoView();
  else if (top) document.getElementById("main")?.scrollIntoView({ behavior: "instant" });
  else if (!push) scrollTo({ top: history.state?.y ?? 0, behavior: "instant" });
}

function put(fresh, title, top, values) {
  const page = document.getElementById("page");
  const before = document.activeElement;
  const focus = path(before, page);
  const caret = before?.selectionStart ?? null;
  const open = [...page.querySelectorAll(MARKS.join())].map((element) => element.id).filter(Boolean);
  page.replaceWith(document.adoptNode(fresh));
  document.title = title;
  for (const [field, value] of values) {
    const same = field.value !== value && document.querySelector(`${TYPED}[name="${field.name}"]`);
    if (same) same.value = field.value;
  }
  for (const id of open) {
    const element = document.getElementById(id);
    if (element) element[element.localName === "input" ? "checked" : "open"] = true;
  }
  if (focus) {
    const same = () => [...fresh.querySelectorAll(before.localName)].find((one) => one.textContent === before.textContent);
    const found = top ? null : (focus.map((selector) => fresh.querySelector(selector)).find(Boolean) ?? same());
    const element = found ?? document.getElementById("hits");
    element?.focus({ preventScroll: true });
    if (caret !== null && element?.setSelectionRange && element.type !== "checkbox") element.setSelectionRange(caret, caret);
  }
  const total = document.getElementById("total");
  if (total) document.getElementById("live").textContent = total.textContent.replace(/\s+/g, " ").trim();
  document.dispatchEvent(new Event("dateline:page"));
}

// Selectors of the focused element, from the element itself to the part of the page that contains it.
function path(element, page) {
  if (!element || !page.contains(element)) return null;
  const found = [];
  if (element.id) found.push(`#${CSS.escape(element.id)}`);
  if (element.name) {
    const tag = element.localName;
    if (element.value) found.push(`${tag}[name="${CSS.escape(element.name)}"][value="${CSS.escape(element.value)}"]`);
    const field = element.closest("fieldset[id]");
    if (field && element.value) found.push(`#${field.id} input[value="${CSS.escape(element.value)}"]`);
    if (field) found.push(`#${field.id} a, #${field.id} input`);
    if (tag === "input" && element.type !== "checkbox") found.push(`input[name="${CSS.escape(element.name)}"]`);
  } else if (element.closest(".chips")) {
    found.push(".chips a", "#q");
  } else if (element.closest(".bars")) {
    found.push(".bars a");
  } else if (element.closest(".menu")) {
    found.push(`#${element.closest(".menu").id} summary`);
  }
  return found;
}

// The address that a form asks for, without empty fields.
export function address(form, submitter) {
  const asked = new URLSearchParams();
  const data = new FormData(form, submitter?.name ? submitter : null);
  for (const [name, value] of data) if (value.trim()) asked.append(name, value.trim());
  const query = asked.toString();
  // An empty box finds everything; without any parameter, the address is that of the front page.
  return new URL(form.action).pathname + (query ? `?${query}` : form.elements.q ? "?q=" : "");
}

export const here = (url) => url.origin === location.origin && url.pathname === location.pathname;

// A form that is posted is left to the browser: what it has must not get into an address.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "get") return;
  const url = address(event.target, event.submitter);
  event.preventDefault();
  if (here(new URL(url, location.href))) visit(url);
  else location.assign(url);
});

document.addEventListener("change", (event) => {
  const { type, name, form } = event.target;
  if (type === "checkbox" && name && form?.method === "get") form.requestSubmit();
});

let typing = 0;
document.addEventListener("input", (event) => {
  if (event.target.name !== "find") return;
  clearTimeout(typing);
  typing = setTimeout(() => visit(address(event.target.form), { replace: true }), 150);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.hasAttribute("download") || !link.closest("#page")) return;
  const url = new URL(link.href.baseVal ?? link.href, location.href);
  if (!here(url) || (url.hash && url.search === location.search)) return;
  event.preventDefault();
  visit(url.href, { top: link.closest(".pages") !== null });
});

history.scrollRestoration = "auto";
let shown = location.href.split("#")[0];
document.addEventListener("dateline:page", () => (shown = location.href.split("#")[0]));
addEventListener("popstate", () => {
  if (location.href.split("#")[0] !== shown) visit(location.href, { push: false });
});
