"""Plays skins/day.txt through each skin against a real server of its own, and compares what the servers hold.

    run.py PROGRAM TARGET SKIN …        (python, kotlin, wasm)

PROGRAM is the built `traotay`, TARGET cargo's target folder with `bindings/SKIN` in it, for wasm the package `wasm`. Every skin begins with an empty
installation with the demo province, enrols three couriers with real one-time codes, works a day without a network and syncs in
the evening. Exit code 1 when a day fails, an event was not trusted, or two skins left other bytes.
"""

import hashlib
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COURIERS = ("buuta01", "buuta02", "buuta03")
SUPERVISOR = "dieuphoi.tb"


def ask(base, path, body, token=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(urllib.request.Request(base + path, json.dumps(body).encode(), headers)) as answer:
        return json.load(answer)


def start(program, folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {"PORT": str(port), "RUST_LOG": "warn"}
    command = [program, "serve", "--data", str(folder), "--demo", "--province", str(ROOT / "data/an-giang")]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=settings)
    base = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 120
    while server.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{base}/readyz").close()
            return server, base
        except OSError:
            time.sleep(0.1)
    server.kill()
    sys.exit((folder / "log").read_text())


def codes(base, folder):
    """A one-time code for each courier, as the supervisor makes them, who also allots the receipt numbers that phones borrow."""
    logins = (folder / "demo-logins.txt").read_text()
    password = re.search(rf"staff\s+{re.escape(SUPERVISOR)}\s+(\S+)", logins)[1]
    session = ask(base, "/api/v1/session", {"login": SUPERVISOR, "password": password, "role": "post_supervisor"})
    ask(base, "/api/v1/receipts/series", {"series": "AA/26P", "first": 1, "last": 500}, session["access_token"])
    for login in COURIERS:
        made = bytearray(hashlib.sha256(f"traotay/reference/v1/staff/{login}".encode()).digest()[:16])
        made[6], made[8] = made[6] & 0x0F | 0x80, made[8] & 0x3F | 0x80
        body = {"staff_id": str(uuid.UUID(bytes=bytes(made)))}
        yield ask(base, "/api/v1/devices/codes", body, session["access_token"])["code"]


def command_of(skin, target):
    if skin == "python":
        return [sys.executable, "-B", str(HERE / "python/day.py")], {"PYTHONPATH": str(target / "bindings/python")}
    if skin == "wasm":
        return [sys.executable, "-B", str(HERE / "wasm/day.py")], {"TRAOTAY_WASM": str(target / "wasm")}
    out = target / "skins/kotlin"
    subprocess.run(["mvn", "-q", "-B", "-f", str(HERE / "kotlin/pom.xml"), f"-Dout={out}",
                    f"-Dgenerated={target / 'bindings/kotlin'}", "package"], check=True)
    return ["java", f"-Djna.library.path={target / 'debug'}", "-cp", f"{out}/classes:{out}/lib/*", "DayKt"], {}


def held(folder):
    """Every custody event on the server with its verdict, once the sequencer has folded all of them."""
    with sqlite3.connect(f"file:{folder / 'traotay.db'}?mode=ro", uri=True) as db:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            rows = db.execute("SELECT hex(inbox.event_id), raw, verdict FROM inbox LEFT JOIN custody_event USING (event_id) "
                              "WHERE lane = 1 ORDER BY 1").fetchall()
            if rows and all(verdict for _, _, verdict in rows):
                return rows
            time.sleep(0.1)
    sys.exit("the server did not fold the day within a minute")


def told(folder):
    """What else the day left: a shift that ended, and the photograph, which is given back."""
    with sqlite3.connect(f"file:{folder / 'traotay.db'}?mode=ro", uri=True) as db:
        shifts = db.execute("SELECT kind, data FROM matter_act WHERE kind IN ('shift.closed', 'shift.countersigned') ORDER BY log_index").fetchall()
    if [kind for kind, _ in shifts] != ["shift.closed", "shift.countersigned"]:
        sys.exit(f"the shift did not end with two signatures: {shifts}")
    photographs = sorted(path for path in (folder / "blobs").rglob("*") if path.is_file())
    if len(photographs) != 1:
        sys.exit(f"one photograph was brought, not {photographs}")
    return photographs[0].read_bytes()


def play(program, target, skin):
    command, settings = command_of(skin, target)
    with tempfile.TemporaryDirectory(prefix=f"day-{skin}-") as name:
        folder = Path(name)
        phones = folder / "phones"
        phones.mkdir()
        server, base = start(program, folder)
        try:
            arguments = [base, str(phones), str(HERE / "day.txt"), *codes(base, folder)]
            subprocess.run(command + arguments, check=True, env=os.environ | settings)
            rows, evening = held(folder), told(folder)
        finally:
            server.terminate()
            server.wait()
    strange = [(event_id, verdict) for event_id, _, verdict in rows if verdict != "ok"]
    if strange:
        sys.exit(f"{skin}: not trusted: {strange}")
    return [raw for _, raw, _ in rows], evening


def main(program, target, *skins):
    days = {skin: play(program, Path(target), skin) for skin in skins}
    first, photograph = days[skins[0]]
    for skin, (day, brought) in days.items():
        if brought != photograph:
            sys.exit(f"{skin} brought another photograph than {skins[0]}")
        if day != first:
            sys.exit(f"{skin} left {len(day)} events, {sum(a != b for a, b in zip(day, first))} of them other than {skins[0]}'s")
    told = hashlib.sha256(b"".join(first)).hexdigest()
    print(f"skin day: {' and '.join(skins)} left the same {len(first)} events, {sum(map(len, first))} bytes, sha256 {told[:16]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
