// A button to copy each citation. It selects the text and copies what is selected, with its italics; that works without
// HTTPS too, and where it is refused the text stays selected.

import { say } from "./words.js";

function put() {
  for (const text of document.querySelectorAll("[data-copy]")) {
    const heading = text.previousElementSibling;
    if (heading.querySelector("button")) continue;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "small", textContent: say("Copy") });
    button.setAttribute("aria-label", say("Copy {what}", { what: text.dataset.copy }));
    button.addEventListener("click", () => copy(text));
    heading.append(" ", button);
  }
}

function copy(text) {
  getSelection().selectAllChildren(text);
  const copied = document.execCommand("copy");
  document.getElementById("live").textContent = copied
    ? say("{what} copied.", { what: text.dataset.copy })
    : say("{what} is selected: copy it with your keyboard.", { what: text.dataset.copy });
}

put();
document.addEventListener("dateline:page", put);
