// Optional: results are updated in place, names are completed, the timeline can be dragged, and keys move between
// articles. The page works without it.

import "./visit.js";
import "./complete.js";
import "./timeline.js";
import "./history.js";
import "./keys.js";
import "./menus.js";
