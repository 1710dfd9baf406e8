#!/bin/sh
# Lighthouse, into tools/lighthouse/node_modules, by the npm of the virtual environment (first argument: its bin).
set -eu
bin=$(cd "$1" && pwd)
cd "$(dirname "$0")/lighthouse"
PATH="$bin:$PATH" exec "$bin/npm" ci --ignore-scripts --no-audit --no-fund --silent
