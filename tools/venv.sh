#!/bin/sh
# A virtual environment in .venv with Python 3.11 or newer, or the sentence that says what is missing.
#   venv.sh [python]      a Python that is named is taken as it is
# As root, pages run under users of their own, to whom /root is closed: a Python that lies there is no Python for them, so
# the system's is taken where it is new enough.
set -eu
here=$(dirname "$0")
python=${1:-python3}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

open_to_others() {
    setpriv --reuid=65534 --regid=65534 --clear-groups -- test -x "$(readlink -f "$(command -v "$1")")" 2>/dev/null
}

sh "$here/need.sh" "python3:$python"
if [ "$(id -u)" = 0 ] && [ "$python" = python3 ] && ! open_to_others "$python"; then
    sh "$here/need.sh" python3 || true
    for other in /usr/bin/python3 /usr/local/bin/python3; do
        if [ -x "$other" ] && new_enough "$other" && open_to_others "$other"; then
            echo "Other users cannot reach $(readlink -f "$(command -v "$python")"); taking $other."
            python=$other
            break
        fi
    done
fi
if ! new_enough "$python"; then
    echo "$python is $("$python" --version); Troth needs Python 3.11 or newer. Name one: make PYTHON=python3.12 …" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    sh "$here/need.sh" python3-venv
fi
"$python" -m venv --without-pip .venv
