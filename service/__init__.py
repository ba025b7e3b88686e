"""From a URL to JSON or a page. The only package that depends on HTTP, HTML, the environment and the command line.

A request passes `params.read` → engine → `render` (JSON) or `page` (HTML). `app` lists the routes, `resources` handles
them, `problems` formats errors, `openapi` describes the API. `cli` is the command `dateline`, made of `commands`;
`terminal` formats its output for people, `server` runs gunicorn, `settings` reads the environment.
"""

__version__ = "0.2.0"
