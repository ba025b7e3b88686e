"""The picture in the README: the search page over `seeds/`, as Chromium shows it.

python -m benchmarks.page [--out docs/page.png]
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def main() -> None:
    """Index, serve, look, stop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "page.png")
    parser.add_argument("--path", default="/?q=soviet&from=1957&to=1991")
    parser.add_argument("--dark", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        dateline = [sys.executable, "-m", "service"]
        subprocess.run(
            [*dateline, "index", f"{folder}/seeds.idx", str(ROOT / "seeds")], check=True, stderr=subprocess.DEVNULL
        )
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        with subprocess.Popen([*dateline, "serve", f"{folder}/seeds.idx", "--port", str(port)]) as server:
            address = f"http://127.0.0.1:{port}"
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"{address}/readyz", timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.05)
            with sync_playwright() as playwright:
                chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
                browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
                scheme = "dark" if options.dark else "light"
                page = browser.new_page(viewport={"width": 1200, "height": 860}, color_scheme=scheme)
                page.goto(address + options.path)
                page.screenshot(path=str(options.out))
                browser.close()
            server.terminate()


if __name__ == "__main__":
    main()
