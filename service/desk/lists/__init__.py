"""Lists of articles: the resource, the pages, and the command."""
