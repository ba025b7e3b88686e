// The words of scripts in the language of the page, which the template gives to the live region; English if it does not.

const known = JSON.parse(document.getElementById("live")?.dataset.words ?? "{}");

export const say = (message, values = {}) =>
  (known[message] ?? message).replace(/\{(\w+)\}/g, (_, name) => values[name]);

export const local = (value) => value.toLocaleString(document.documentElement.lang);
