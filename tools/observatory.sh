#!/bin/sh
# Mozilla's HTTP Observatory, into tools/observatory/node_modules, by the npm of the virtual environment (first argument: its bin).
set -eu
bin=$(cd "$1" && pwd)
cd "$(dirname "$0")/observatory"
PATH="$bin:$PATH" "$bin/npm" ci --ignore-scripts --no-audit --no-fund --silent
# Its own install step would fetch the browsers' preload list. Without one, no site counts as preloaded: 135 is the most.
echo '{}' > node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json
