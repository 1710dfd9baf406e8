#!/bin/sh
# The bytecode of installed packages, once for each installation, without tests that some bring along.
#   bytecode.sh .venv/bin
# A first start needs a quarter of it, so it is written beside that start, by what processor time is left. As root, where
# other users can't read this folder, it is written before: they get a copy of the packages as they are by then.
set -eu
bin=$1
mark=.venv/libraries
[ ! -f "$mark" ] || [ "$mark" -ot .venv/installed ] || exit 0

compile() {
    nice -n "$1" "$bin/python" -m compileall -q -j 2 -x '/(tests?|testing)/' .venv/lib >/dev/null 2>&1 || true
    touch "$mark"
}

open_to_others() {
    [ "$(id -u)" != 0 ] || setpriv --reuid=65534 --regid=65534 --clear-groups -- test -r "$bin/python" 2>/dev/null
}

if open_to_others; then
    compile 19 >/dev/null 2>&1 &
else
    compile 0
fi
