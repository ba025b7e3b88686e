"""Serve Dateline inside another WSGI application: python examples/behind_wsgi.py news.idx.

1. `create_app` gives a WSGI application: any server runs it, any framework can mount it.
2. The outer application owns the site. Requests for /archive/… go to Dateline without that prefix, the rest is its own.
3. All links of the search page and the API include the prefix, which is `SCRIPT_NAME` in WSGI.
"""

import json
import sys
import threading
from collections.abc import Iterable
from urllib.request import urlopen
from wsgiref.simple_server import make_server
from wsgiref.types import StartResponse, WSGIEnvironment
from wsgiref.util import shift_path_info

from service.archive import Archive
from service.server.app import create_app


def site(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer for the whole site."""
    if environ["PATH_INFO"].startswith("/archive/"):
        shift_path_info(environ)
        return dateline(environ, start_response)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"The Harbour Gazette"]


with Archive(sys.argv[1]) as archive, make_server("127.0.0.1", 0, site) as server:
    dateline = create_app(archive)
    threading.Thread(target=server.serve_forever).start()
    address = f"http://127.0.0.1:{server.server_port}"
    print(urlopen(address).read().decode())
    answer = json.load(urlopen(f"{address}/archive/api/search?q=berlin&size=1"))
    print(answer["total"], "articles, first:", answer["hits"][0]["title"])
    page = urlopen(f"{address}/archive/?q=berlin").read().decode()
    print("first link of the page:", page.partition('<h2><a href="')[2].partition("?")[0])
    server.shutdown()
