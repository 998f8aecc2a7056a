"""`flask serve` for make, which is silent only about a command that it asks for and that ends with 1."""

from __future__ import annotations

import sys

from flask.cli import cli


def main() -> None:
    """Serve; whatever kept it from starting ends with 1."""
    try:
        cli.main(["serve"], prog_name="flask")
    except SystemExit as end:
        sys.exit(1 if end.code else 0)


if __name__ == "__main__":  # the processes that draw the demonstration load this file too
    main()
