"""The web pages, a module each: the same queries and results as the API, as HTML that needs no JavaScript.

Every link is the URL of a changed query. Text from articles and queries reaches the page only through templates that
escape it, split at its highlights.
"""
