"""Writes the bytecode that pytest makes of test files, once: otherwise each worker rewrites every assertion for itself.

Where the environment forbids to write bytecode, pytest writes none, but reads what lies there.
"""

import sys
from pathlib import Path

from _pytest.assertion import AssertionState
from _pytest.assertion.rewrite import PYC_TAIL, _read_pyc, _rewrite_test, _write_pyc, get_cache_dir
from _pytest.config import get_config

ROOT = Path(__file__).parent.parent


def main() -> None:
    config = get_config()
    state = AssertionState(config, "rewrite")
    for source in [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("tests/**/conftest.py")]:
        pyc = get_cache_dir(source) / f"{source.stem}{PYC_TAIL}"
        if _read_pyc(source, pyc) is None:
            digest, code = _rewrite_test(source, config)
            pyc.parent.mkdir(exist_ok=True)
            _write_pyc(state, code, digest, pyc)


if __name__ == "__main__":
    sys.exit(main())
