// The page works without this file. With it, answers come in place, names complete, the timeline can be dragged,
// and keys go from article to article.

import "./visit.js";
import "./complete.js";
import "./timeline.js";
import "./keys.js";
