"""Start Lapak Mandiri with nothing but Python 3.11 and pip: `python3 tools/run.py [lock]`.

Any Python 3.6 can read this file, so that an old one gets a sentence instead of a syntax error. With no argument the
market starts; with `--only LOCK` the environment is made and nothing more.
"""

import os
import shutil
import sys

if sys.version_info < (3, 11):
    for minor in range(15, 10, -1):
        newer = shutil.which("python3.%d" % minor)
        if newer:
            os.execv(newer, [newer] + sys.argv)
    sys.exit(
        "Lapak Mandiri perlu Python 3.11 atau lebih baru; ini %d.%d. / Python 3.11 or newer is needed; this is %d.%d."
        % (sys.version_info[:2] * 2)
    )

from environment import PYTHON, ROOT, NoEnvironment, ensure


def main(arguments: list[str]) -> None:
    """Make the environment, then become the server."""
    only = arguments[1] if arguments[:1] == ["--only"] else None
    try:
        ensure(only or "run")
    except NoEnvironment as problem:
        sys.exit("Lapak Mandiri: %s" % problem)
    if only is None:
        os.chdir(ROOT)
        os.execv(str(PYTHON), [str(PYTHON), "-m", "tools.told"])


if __name__ == "__main__":
    main(sys.argv[1:])
