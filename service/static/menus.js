// A menu closes when something else is pressed or focused, and by Escape, which leads back to its button. On a phone, the
// filters close when their result is asked for.

const opened = () => document.querySelectorAll("details.menu[open]");

function close(event) {
  for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
}

document.addEventListener("click", (event) => {
  if (event.target.closest(".show")) document.getElementById("fold").checked = false;
});
document.addEventListener("pointerdown", close);
document.addEventListener("focusin", close);
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && opened()[0];
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
