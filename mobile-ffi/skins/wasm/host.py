"""The real browser host against a real server: host.py PROGRAM TARGET

Records with the server cut off, kills Chromium as a power switch does, once at rest and once in the middle of acts, and starts it on
the same profile: everything recorded is there, syncs, and the server trusts every signature of a key that no script can read. The pages are host.js.
"""

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import run  # noqa: E402 - beside the skins, found by the line above
from browser import Site  # noqa: E402

# Acts confirmed before the second kill: enough that the log has grown past a few pages and the kill falls into an act.
STORM = 60


def label(number):
    serial = f"{97_000_000 + number:08d}"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7))) % 11
    return f"EE{serial}{ {10: 0, 11: 5}.get(check, check) }VN"


def main(program, target):
    with tempfile.TemporaryDirectory(prefix="browser-host-") as name:
        folder = Path(name)
        server, base = run.start(program, folder)
        try:
            site = Site(base, Path(target) / "wasm")
            told = {"module": "/skin/host.js", "in_page": True}
            items = [label(number) for number in range(1, 8)]
            morning = {"step": "morning", "code": next(run.codes(base, folder)), "items": items}
            recorded = site.visit(folder / "profile", told | morning)
            if len(recorded) != len(items):
                sys.exit(f"{len(recorded)} events of {len(items)} acts")
            storm = {"step": "storm", "items": [label(number) for number in range(1_000, 1_000 + 20 * STORM)]}
            recorded += site.storm(folder / "profile", told | storm, STORM)
            site.reachable = True
            kept = site.visit(folder / "profile", told | {"step": "evening"})
            if not set(recorded) <= set(kept):
                sys.exit(f"two kills cost {len(set(recorded) - set(kept))} of {len(recorded)} events")
            site.visit(folder / "profile", told | {"step": "thief"})
            rows = run.held(folder)
        finally:
            server.terminate()
            server.wait()
    trusted = sorted(event_id.lower() for event_id, _, verdict in rows if verdict == "ok")
    if trusted != kept:
        sys.exit(f"the server trusts {len(trusted)} of {len(kept)} events: {[verdict for _, _, verdict in rows]}")
    print(f"browser host: {len(kept)} acts recorded without a server, through two kills of Chromium, all trusted; no key came out")


if __name__ == "__main__":
    main(*sys.argv[1:])
