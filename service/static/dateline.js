// The page works without this file. With it, a tick applies at once, URLs stay short, and “/” goes to the box.

const form = document.getElementById("search");

function submit() {
  for (const field of form.elements) {
    if (field.name && (field.type === "text" || field.type === "search") && !field.value.trim()) field.disabled = true;
  }
  form.requestSubmit();
}

if (form) {
  form.addEventListener("change", (event) => {
    if (event.target.type === "checkbox") submit();
  });
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      if (field.name && field.type !== "checkbox" && !field.value) field.disabled = true;
    }
  });
  // The back button may bring the page back as it was left: with ticks that its address does not have.
  window.addEventListener("pageshow", (event) => {
    for (const field of form.elements) field.disabled = false;
    if (event.persisted) form.reset();
  });
  const folding = form.querySelector("details.folding");
  if (folding && window.matchMedia("(max-width: 50rem)").matches) folding.open = false;
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById("q")?.select();
  }
});
