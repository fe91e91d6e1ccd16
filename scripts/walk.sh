#!/bin/sh
# The stranger's walk from nothing: a clone in an empty folder, npm ci, then scripts/walk.ts. All it needs is git and npm.
#   sh scripts/walk.sh [what to clone: a folder or an URL; this repository when it is left out]
set -eu
source=${1:-$(cd "$(dirname "$0")/.." && pwd)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM

started=$(date +%s)
git clone --quiet "$source" "$folder/nightdesk"
cd "$folder/nightdesk"
echo "$(($(date +%s) - started)) s  clone"

started=$(date +%s)
npm ci --silent --no-audit --no-fund
echo "$(($(date +%s) - started)) s  npm ci"

npm run --silent walk
