"""Here is a URL, give me JSON or a page. Alone knows HTTP, HTML, the environment and the command line.

A request goes `params.read` → engine → `render` (JSON) or `page` (HTML); `app` lists the routes, `resources` answers
them, `problems` says what is wrong, `openapi` describes it all. `cli` is the command `dateline`, made of `commands`,
`terminal` what people read there, `server` gunicorn, `settings` the environment.
"""
