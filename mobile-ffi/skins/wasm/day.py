"""Plays skins/day.txt through the wasm skin in Chromium: day.py BASE FOLDER SCRIPT CODE_AN CODE_BINH CODE_CHI

TRAOTAY_WASM names the folder that scripts/wasm made. The day itself is day.js.
"""

import os
import sys
from pathlib import Path

from browser import Site


def main(base, folder, script, *codes):
    site = Site(base, os.environ["TRAOTAY_WASM"])
    told = {"module": "/skin/day.js", "codes": codes, "script": Path(script).read_text(encoding="utf-8")}
    print(f"wasm: {site.visit(Path(folder) / 'profile', told)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
