"""A web process stays light: what only some page needs is loaded by that page."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from app.core import optional
from tests.support.live import ROOT

# Beside the optional ones: what a careless import at the head of a file would bring into every process.
HEAVY = optional.KNOWN | {"fontTools", "lxml", "numpy", "openpyxl", "pandas", "scipy", "shapely", "uharfbuzz"}
LOADED = "import json, sys, wsgi; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"


def test_no_heavy_library_is_loaded_before_a_page_needs_it(environ: dict[str, str], tmp_path: Path) -> None:
    env = {**environ, "LAPAK_VAR_DIR": str(tmp_path)}

    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, env=env, capture_output=True, text=True, check=True)

    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "app" in loaded
    assert loaded & HEAVY == set()
