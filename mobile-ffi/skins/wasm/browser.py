"""A page in a real headless Chromium: serves it, forwards /api to the real server, waits for the page to say how it ended.

Pages are isolated as a real one has to be (COOP, COEP), since the host's signer answers over shared memory.
"""

import http.client
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
# A page that has said nothing for so long hangs; a day takes some ten seconds on a busy machine.
LONGEST_S = 240
TYPES = {".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm"}
# What belongs to one connection and is not passed on.
OF_THE_HOP = {"connection", "transfer-encoding", "content-length", "date", "server"}


class Site:
    """One origin: the page, the package in `wasm`, and the server at `base` under /api unless it is cut off."""

    def __init__(self, base, wasm):
        self.upstream, self.folders = urlsplit(base).netloc, {"skin": HERE, "wasm": Path(wasm)}
        self.told, self.reachable, self.outcomes, self.confirmed = {}, True, queue.Queue(), queue.Queue()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, body, headers):
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Cross-Origin-Opener-Policy", "same-origin")
                self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def body(self):
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))

            def forward(self):
                body = self.body()
                if not site.reachable:
                    self.close_connection = True
                    return
                there = http.client.HTTPConnection(site.upstream, timeout=60)
                headers = {name: value for name, value in self.headers.items() if name.lower() not in OF_THE_HOP | {"host", "accept-encoding"}}
                there.request(self.command, self.path, body or None, headers)
                with there.getresponse() as reply:
                    kept = [(name, value) for name, value in reply.getheaders() if name.lower() not in OF_THE_HOP]
                    self.answer(reply.status, reply.read(), kept)

            def do_GET(self):
                path = self.path.split("?")[0]
                if path.startswith("/api/"):
                    return self.forward()
                if path == "/told":
                    return self.answer(200, json.dumps(site.told).encode(), [("Content-Type", "application/json")])
                _, folder, name = (path + "//").split("/")[:3]
                file = site.folders.get(folder, HERE) / name
                if not file.is_file() or file.suffix not in TYPES:
                    return self.answer(404, b"", [])
                return self.answer(200, file.read_bytes(), [("Content-Type", TYPES[file.suffix]), ("Cache-Control", "no-store")])

            def do_POST(self):
                if self.path == "/outcome":
                    site.outcomes.put(json.loads(self.body()))
                    return self.answer(204, b"", [])
                if self.path == "/recorded":
                    site.confirmed.put(self.body().decode())
                    return self.answer(204, b"", [])
                if self.path == "/cut":
                    self.body()
                    site.reachable = False
                    return self.answer(204, b"", [])
                return self.forward()

            do_PUT = do_DELETE = do_POST

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                # A browser that was killed takes its connections with it; any other fault is shown.
                if not isinstance(sys.exc_info()[1], ConnectionError):
                    super().handle_error(request, client_address)

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def visit(self, profile, told):
        """Opens the page with what it is told, gives what it said, and kills the browser."""
        chromium = self.open(profile, told)
        try:
            return chromium.hear(self.outcomes, self.outcomes)
        finally:
            chromium.kill()

    def storm(self, profile, told, count):
        """Opens a page that goes on and on, and kills the browser in the middle once `count` acts were confirmed; gives those."""
        chromium = self.open(profile, told)
        try:
            confirmed = [chromium.hear(self.confirmed, self.outcomes) for _ in range(count)]
        finally:
            chromium.kill()
        while not self.confirmed.empty():
            confirmed.append(self.confirmed.get())
        return confirmed

    def open(self, profile, told):
        self.told = told
        return Chromium(profile, f"http://127.0.0.1:{self.server.server_port}/skin/page.html")


class Chromium:
    """One browser on a profile, in a process group of its own so that it can be killed with all its children."""

    def __init__(self, profile, url):
        self.log = Path(profile).with_suffix(".log")
        command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                   "--enable-logging=stderr", f"--user-data-dir={profile}", url]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def hear(self, awaited, outcomes):
        """The next word of the page; ends the test when the page failed, the browser ended, or nothing is heard for too long."""
        for _ in range(LONGEST_S):
            if awaited is not outcomes and not outcomes.empty():
                raise SystemExit(f"the page ended: {outcomes.get()}")
            try:
                word = awaited.get(timeout=1)
            except queue.Empty:
                if self.process.poll() is None:
                    continue
                raise SystemExit(f"chromium ended with {self.process.returncode}:\n{self.said()}") from None
            if awaited is outcomes and "failed" in word:
                raise SystemExit(f"the page failed: {word['failed']}")
            return word["said"] if awaited is outcomes else word
        raise SystemExit(f"the page said nothing for {LONGEST_S} s:\n{self.said()}")

    def said(self):
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join([line for line in lines if "CONSOLE" in line][-20:] or lines[-20:])

    def kill(self):
        """As a power switch does."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
