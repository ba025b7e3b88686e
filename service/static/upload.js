// Files dropped on the form, their size before they are sent, and how far they are. Without this, it is a form.

const form = document.getElementById("upload");
const bar = form.querySelector("progress");
const told = form.querySelector("[role=alert]");
const drop = form.querySelector(".drop");
const hint = form.querySelector(".dropped");
const named = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
let dropped = [];

function refuse(sentence) {
  told.textContent = sentence;
  told.hidden = false;
  bar.hidden = true;
  form.querySelector("button").disabled = false;
}

function files() {
  const data = new FormData();
  for (const [name, value] of new FormData(form)) if (!(value instanceof File)) data.append(name, value);
  for (const input of form.querySelectorAll("[type=file]"))
    for (const file of input.files) data.append("file", file, file.webkitRelativePath || file.name);
  for (const file of dropped) data.append("file", file, file.name);
  return data;
}

function send(event) {
  event.preventDefault();
  const data = files();
  const size = data.getAll("file").reduce((sum, file) => sum + file.size, 0);
  told.hidden = true;
  if (size > Number(form.dataset.most)) return refuse(form.dataset.large);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (at) => {
    if (!at.lengthComputable) return;
    bar.value = (100 * at.loaded) / at.total;
    bar.textContent = named(form.dataset.sending, { percent: `${Math.round(bar.value)} %` });
  });
  request.addEventListener("load", () => {
    if (request.status < 400) return location.assign(request.responseURL);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const why = page.querySelector("#refused") ?? page.querySelector("main");
    refuse(why ? why.textContent.trim() : request.statusText);
  });
  request.addEventListener("error", () => refuse(form.dataset.lost));
  bar.hidden = false;
  form.querySelector("button").disabled = true;
  request.send(data);
}

form.addEventListener("submit", send);
hint.hidden = false;
drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  dropped = [...dropped, ...event.dataTransfer.files];
  hint.textContent = named(form.dataset.chosen, { names: dropped.map((file) => file.name).join(", ") });
});
