"""Serve Dateline inside another WSGI application: python examples/behind_wsgi.py news.idx.

1. `create_app` gives a WSGI application: any server runs it, any framework can mount it.
2. The outer application owns the site. Requests for /archive/… go to Dateline without that prefix, the rest is its own.
3. Links of the API include the prefix. Those of the search page do not: to serve it too, give Dateline a host name.
"""

import json
import sys
import threading
from urllib.request import urlopen
from wsgiref.simple_server import make_server
from wsgiref.util import shift_path_info

from service.app import create_app
from service.archive import Archive

archive = Archive(sys.argv[1])
dateline = create_app(archive)


def site(environ, start_response):
    """Answer for the whole site."""
    if environ["PATH_INFO"].startswith("/archive/"):
        shift_path_info(environ)
        return dateline(environ, start_response)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"The Harbour Gazette"]


with make_server("127.0.0.1", 0, site) as server:
    threading.Thread(target=server.serve_forever).start()
    address = f"http://127.0.0.1:{server.server_port}"
    print(urlopen(address).read().decode())
    answer = json.load(urlopen(f"{address}/archive/api/search?q=berlin&size=1"))
    print(answer["total"], "articles, first:", answer["hits"][0]["title"])
    server.shutdown()
archive.close()
