"""Print a row for every route that `tests/house/access.csv` lacks, for a human to judge and paste.

`.venv/bin/python tools/access.py`: what the code cannot tell (who owns a subject, whose region) is marked or guessed.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.factory import create_app
from config import load_settings
from tests.house import addresses

if __name__ == "__main__":
    print("\n".join(addresses.draft(create_app(load_settings()), addresses.matrix())))
