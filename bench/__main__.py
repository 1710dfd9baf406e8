"""All measurements, one after another: `make bench`."""

from importlib import import_module
from pathlib import Path

for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
    import_module(f"bench.{path.stem}").main()
