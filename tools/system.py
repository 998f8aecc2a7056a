"""See that the programs the tests need from the system are there: Chromium, and the libraries WeasyPrint draws with.

As root with apt they are installed; otherwise the sentence to type is printed and the exit code is 1.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The same Chromium without windows: a page costs a fifth. Tests prefer it, and do without where it is missing.
QUICK = "chromium-headless-shell"
LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}


def browser() -> str | None:
    """Return the system's Chromium, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def quick_browser() -> str | None:
    """Return the Chromium without windows, or the one that is there."""
    return shutil.which(QUICK) or browser()


def missing(programs: list[str]) -> list[str]:
    """Name the Debian packages that are not there yet; `programs` are wanted besides and named like their packages."""
    packages = [] if browser() else ["chromium"]
    packages += [name for name in programs if not shutil.which(name)]
    return packages + [package for library, package in LIBRARIES.items() if not ctypes.util.find_library(library)]


def main() -> int:
    """Install what is missing, or say how."""
    wanted = missing(sys.argv[1:])
    if not wanted:
        return 0
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing from the system's packages: {' '.join(wanted)}", flush=True)
        _apt("update")
        _apt("install", "-y", "--no-install-recommends", *wanted, "fonts-dejavu-core")
        if "chromium" in wanted:
            _apt("install", "-y", "--no-install-recommends", QUICK)  # not every system has it
        wanted = missing(sys.argv[1:])
    if wanted:
        print(f"The tests need: {' '.join(wanted)}. On Debian or Ubuntu: sudo apt-get install {' '.join(wanted)}")
    return 1 if wanted else 0


def _apt(*arguments: str) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "-q", *arguments], check=False, env=env, **quiet)


if __name__ == "__main__":
    sys.exit(main())
