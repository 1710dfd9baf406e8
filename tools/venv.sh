#!/bin/sh
# A virtual environment in .venv with Python 3.11 or newer, or the sentence that says what is missing.
set -eu
python=${1:-python3}
here=$(dirname "$0")
sh "$here/need.sh" "python3:$python"
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "$python is $("$python" --version); Troth needs Python 3.11 or newer. Name one: make PYTHON=python3.12 …" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y python3-venv >/dev/null
    else
        echo "Missing Debian package: python3-venv" >&2
        echo "Install it: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi
"$python" -m venv .venv
