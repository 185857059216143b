#!/bin/bash
# A whole run of patch-doctor (look, seal, diagnose, print) in the incident, on real systemd in a container: on a small
# host, and beside a journal of 600,000 entries. Needs root, as the lab does.
#
#   Tests/Benchmarks/whole.sh
#
# RESTARTS changes the journal's length; JOURNAL names a directory of journal files that is there already.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
program=${PATCH_DOCTOR:-$PWD/.build/release/patch-doctor}
remote=/lib/systemd/systemd-journal-remote

swift build --product old-agent >&2
swift build --product lab >&2
if [[ -z ${JOURNAL:-} ]]; then
    [[ -x $remote ]] || { echo "whole.sh: error: '$remote' is missing (systemd-journal-remote)" >&2; exit 1; }
    directory=$(mktemp -d)
    trap 'rm -rf "$directory"' EXIT
    JOURNAL=$directory/journal
    mkdir "$JOURNAL"
    "${CC:-cc}" -O2 -o "$directory/maker" "$here/JournalMaker/main.c"
    "$directory/maker" "${RESTARTS:-120000}" linux-patch-api.service |
        "$remote" --output="$JOURNAL/system.journal" - 2>/dev/null
fi
JOURNAL=$JOURNAL PATCH_DOCTOR_BINARY=$program .build/debug/lab bench
echo "to stay within: 150 ms on a small host; 1500 ms and 64 MiB beside the journal"
