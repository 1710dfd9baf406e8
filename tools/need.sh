#!/bin/sh
# Debian packages that a target needs: installed when we may, else named exactly.
#   need.sh package:program [package:program …]
# A package without a program that shows it is named alone, and asked of dpkg.
set -eu
wait_seconds=${TROTH_APT_WAIT_SECONDS:-600}
missing=""
for pair in "$@"; do
    case $pair in
    *:*) command -v "${pair#*:}" >/dev/null 2>&1 || missing="$missing ${pair%%:*}" ;;
    *) dpkg-query -W -f '${Status}' "$pair" 2>/dev/null | grep -q "install ok installed" || missing="$missing $pair" ;;
    esac
done
[ -n "$missing" ] || exit 0

said=$(mktemp)
trap 'rm -f "$said"' EXIT
told=""

locked() {
    grep -qi "waiting for cache lock\|could not get lock\|unable to lock\|unable to acquire" "$said"
}

# Another apt-get or an upgrade in the background may hold a lock for minutes: wait for it, and say so. What it says of
# the lock is read in English, whatever the machine's language.
apt() {
    LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -o "DPkg::Lock::Timeout=$wait_seconds" "$@" >"$said" 2>&1 &
    working=$!
    while kill -0 "$working" 2>/dev/null; do
        tell_of_lock
        sleep 0.2
    done
    wait "$working"
}

tell_of_lock() {
    if [ -z "$told" ] && locked; then
        told=yes
        echo "Another program installs packages just now. Waiting for it, at most $wait_seconds s …"
    fi
}

# The timeout is heeded for dpkg's own locks alone, not for those of the lists and of the archives: asked again until free.
patiently() {
    deadline=$(($(date +%s) + wait_seconds))
    until apt "$@"; do
        locked && [ "$(date +%s)" -lt "$deadline" ] || return 1
        tell_of_lock
        sleep 1
    done
}

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Debian packages:$missing"
    # shellcheck disable=SC2086
    if patiently install -y --no-install-recommends $missing; then
        exit 0
    fi
    # shellcheck disable=SC2086
    if ! locked && patiently update && patiently install -y --no-install-recommends $missing; then
        exit 0
    fi
    grep -i "^E:" "$said" >&2 || tail -n 3 "$said" >&2
    if locked; then
        echo "Another program still installs packages after $wait_seconds s. When it is done, try again." >&2
        exit 1
    fi
fi
echo "Missing Debian packages:$missing" >&2
echo "Install them: sudo apt-get install$missing" >&2
exit 1
