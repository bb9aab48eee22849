"""Tries the whole HTTP API from its own document: as every role, as a one-stop system, and as nobody.

    run.py PROGRAM SCHEMATHESIS

Starts PROGRAM with a throw-away folder and the province of data/tinh-mau, plays docs/example_client.py, places a few dossiers and lets
Schemathesis call every operation in all its phases as whoever may, with a fixed seed, and then more quickly as nobody and as each role. Exits 1 when anything failed.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Calls that a device signs (DPoP): a proof is bound to one request and one nonce, and the phone core makes it in its own tests
# (tests/it, mobile-ffi/python). Here they are only tried without one, as nobody.
OF_DEVICES = ("greetServer", "pullChanges", "listGaps", "depositEvents", "showBlob", "bringBlob")
# A deposit is a CBOR sequence, which Schemathesis cannot write; api/tests/it/sync.rs and phone.rs do.
NOT_WRITABLE = {"depositEvents"}
# A stream lasts ten minutes; api/tests/it/watch.rs listens to it.
ENDLESS = {"watchDossiers"}
LOGIN = re.compile(r"\s*(staff|lgsp)\s+(\S+)\s+(\S+)\s+.*?(?:\((.*)\))?$")


def ask(base, path, body, kind="application/json", token=None):
    """Posts a body and reads the JSON that comes back."""
    headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(urllib.request.Request(base + path, body.encode(), headers)) as answer:
        return json.load(answer)


def start(program, folder):
    """Starts the server and waits until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "serve", "--data", folder, "--demo", "--province", str(ROOT / "data/tinh-mau")]
    log = open(Path(folder) / "log", "wb")
    settings = os.environ | {"PORT": str(port), "RUST_LOG": "warn"}
    settings.pop("DATABASE_URL", None)
    server = subprocess.Popen(command, stdout=log, stderr=log, env=settings)
    base = f"http://127.0.0.1:{port}"
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{base}/readyz").close()
            return server, base
        except OSError:
            time.sleep(0.1)
    server.kill()
    sys.exit((Path(folder) / "log").read_text())


def accounts(folder):
    """Who can sign in: (kind, login, password, roles)."""
    lines = (Path(folder) / "demo-logins.txt").read_text().splitlines()
    found = (LOGIN.match(line) for line in lines)
    return [(m[1], m[2], m[3], (m[4] or "").split(", ")) for m in found if m]


def tokens(base, people):
    """An access token for each role, and one for the one-stop system."""
    made = {}
    for kind, login, password, roles in people:
        if kind == "lgsp":
            asked = {"grant_type": "client_credentials", "client_id": login, "client_secret": password}
            form = "application/x-www-form-urlencoded"
            made["lgsp_client"] = ask(base, "/lgsp/token", urllib.parse.urlencode(asked), form)["access_token"]
            continue
        for role in roles:
            if role not in made:
                body = {"login": login, "password": password, "role": role}
                made[role] = ask(base, "/api/v1/session", json.dumps(body))["access_token"]
    return made


def place(base, document, made):
    """A few dossiers, so that there is something to see."""
    example = document["paths"]["/api/v1/intakes"]["post"]["requestBody"]["content"]["application/json"]["example"]
    for number in range(3):
        body = json.dumps(example | {"slip_number": f"SEED-{number}"})
        dossier = ask(base, "/api/v1/intakes", body, token=made["post_agent"])["dossier_id"]
        act = json.dumps({"act": "received", "code": f"H99.20-261126-{number:04}"})
        ask(base, f"/api/v1/dossiers/{dossier}/acts", act, token=made["desk_agent"])


def schemathesis(tool, base, name, ids, environment, options):
    """One run over the operations of these names; true when nothing failed."""
    chosen = "^(" + "|".join(sorted(ids)) + ")$"
    # Above `run`, because the configuration belongs to the tool and not to a run.
    command = [tool, "--config-file", str(HERE / "schemathesis.toml"), "run", f"{base}/api/openapi.json"]
    command += ["--include-operation-id-regex", chosen, "--warnings", "off", *options]
    started = time.monotonic()
    ran = subprocess.run(command, env=environment, cwd=HERE, capture_output=True, text=True, check=False)
    cases = re.search(r"(\d+) generated", ran.stdout)
    took = time.monotonic() - started
    print(f"{name:16} {len(ids):3} operations {cases[1] if cases else '?':>6} cases {took:5.1f} s", flush=True)
    if ran.returncode:
        print(ran.stdout, ran.stderr, flush=True)
    return ran.returncode == 0


def main(program, tool):
    with tempfile.TemporaryDirectory(prefix="traotay-schemathesis-") as folder:
        server, base = start(program, folder)
        try:
            failed = drive(base, tool, folder)
            lives = server.poll() is None
        finally:
            server.terminate()
            server.wait()
        errors = [line for line in (Path(folder) / "log").read_text().splitlines() if " ERROR " in line]
    for line in errors:
        print(line)
    if failed or errors or not lives:
        sys.exit(f"failed: {', '.join(failed) or 'the server'}")


def drive(base, tool, folder):
    """Everything that is tried; the names of what failed."""
    people = accounts(folder)
    made = tokens(base, people)
    with urllib.request.urlopen(f"{base}/api/openapi.json") as answer:
        document = json.load(answer)
    operations = [op for item in document["paths"].values() for op in item.values()]
    place(base, document, made)
    failed = []
    secret = {login: password for _, login, password, _ in people}
    client = [sys.executable, str(ROOT / "docs/example_client.py"), base]
    client += ["mau.quay1", secret["mau.quay1"], "mau.hcc1", secret["mau.hcc1"]]
    if subprocess.run(client, check=False).returncode:
        failed.append("docs/example_client.py")
    spare = {"login": "mau.buuta3", "password": secret["mau.buuta3"]}
    settings = os.environ | {"TRAOTAY_BASE": base, "TRAOTAY_SPARE": json.dumps(spare), "PYTHONDONTWRITEBYTECODE": "1"}
    everything = {op["operationId"] for op in operations} - ENDLESS
    everyone = settings | {"TRAOTAY_TOKENS": json.dumps(made)}
    if not schemathesis(tool, base, "whoever may", everything - set(OF_DEVICES), everyone, ["--max-examples", "10"]):
        failed.append("whoever may")
    nobody = settings | {"TRAOTAY_TOKENS": "{}"}
    quickly = ["--max-examples", "3", "--phases", "examples,fuzzing"]
    if not schemathesis(tool, base, "nobody", everything - NOT_WRITABLE, nobody, quickly):
        failed.append("nobody")
    for role in made:
        may = {op["operationId"] for op in operations if role in op["x-who-may"] and op.get("security")} - ENDLESS
        if not schemathesis(tool, base, role, may, everyone | {"TRAOTAY_ROLE": role}, quickly):
            failed.append(role)
    return failed


if __name__ == "__main__":
    main(*sys.argv[1:])
