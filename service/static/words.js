// The words of the page's language for scripts, from the live region; English if there are none.

const known = JSON.parse(document.getElementById("live")?.dataset.words ?? "{}");

export const say = (message, values) => (known[message] ?? message).replace(/{(\w+)}/g, (_, name) => values[name]);
const language = document.documentElement.lang;

// A number or a date; English dates as the pages have them, the day first.
export const local = (value, how) => value.toLocaleString(language === "en" ? "en-GB" : language, how);
