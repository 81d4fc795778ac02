"""`python -m tests.bench.child WAY ARGUMENTS`: one measurement in a process of its own, printed as JSON."""

from __future__ import annotations

import importlib
import json
import os
import sys


def main() -> None:
    """Imports `tests.bench.ways.WAY` and prints what its `measure(**arguments)` returns."""
    way, arguments = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    found = importlib.import_module(f"tests.bench.ways.{way}").measure(**json.loads(arguments))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
