#!/bin/sh
# Debian packages that a target needs: installed when we may, else named exactly.
#   need.sh package:program [package:program …]
set -eu
missing=""
for pair in "$@"; do
    command -v "${pair#*:}" >/dev/null 2>&1 || missing="$missing ${pair%%:*}"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Debian packages:$missing"
    # shellcheck disable=SC2086
    if DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >/dev/null 2>&1 ||
        { apt-get update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >/dev/null; }; then
        exit 0
    fi
fi
echo "Missing Debian packages:$missing" >&2
echo "Install them: sudo apt-get install$missing" >&2
exit 1
