// The words of the page's language for scripts, from the live region; English if there are none.

const known = JSON.parse(document.getElementById("live")?.dataset.words ?? "{}");

export const say = (message, values) => (known[message] ?? message).replace(/{(\w+)}/g, (_, name) => values[name]);
export const local = (value) => value.toLocaleString(document.documentElement.lang);
