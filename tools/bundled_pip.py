"""pip as Python brings it along, run from its wheel: .venv/bin/python tools/bundled_pip.py install …

To install it first, with setuptools, takes longer than what it is for here: to install uv.

Source  ensurepip, which runs it the same way: a wheel of its own, or of the folder that a distribution has for wheels.
"""

import ensurepip
import runpy
import sys
import sysconfig
from pathlib import Path


def find_wheel() -> Path:
    """The wheel of pip.   Raises  SystemExit: this Python has none."""
    folders = [sysconfig.get_config_var("WHEEL_PKG_DIR"), Path(ensurepip.__file__).parent / "_bundled"]
    wheels = [wheel for folder in folders if folder for wheel in sorted(Path(folder).glob("pip-*.whl"))]
    if not wheels:
        raise SystemExit(f"{sys.executable} comes without pip. Install Python’s package for environments: python3-venv")
    return wheels[0]


if __name__ == "__main__":
    sys.path.insert(0, str(find_wheel()))
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
