"""Entry point for gunicorn and for the `flask` command."""

from __future__ import annotations

import ctypes
import gc
import sys

# All that is loaded here stays: looking it through again and again for something to drop is an eighth of every start.
gc.disable()

from app.factory import create_app  # noqa: E402
from app.site.demo import door  # noqa: E402
from config import BadSettings, load_settings  # noqa: E402

# Each of many threads would get a heap of its own, of which little is ever given back: two serve them all.
ARENA_MAX, ARENAS = -8, 2
mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
if mallopt is not None:  # where the C library has it
    mallopt(ARENA_MAX, ARENAS)

# A worker of gunicorn that ends with this is not started again; with any other code it would be, for ever.
CANNOT_BOOT = 3

try:
    app = create_app(load_settings())
    door.check(app)
except (BadSettings, door.DemoInProduction) as error:
    print(f"Lapak Mandiri: {error}", file=sys.stderr, flush=True)  # noqa: T201 - the one line for the operator
    sys.exit(CANNOT_BOOT)

gc.freeze()  # and what web processes share stays shared
gc.enable()
