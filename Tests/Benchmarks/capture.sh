#!/bin/bash
# What evidence that is kept by itself costs a host in a crash loop: CPU of systemd, of what it starts and of the journal for
# each restart, with patch-doctor's drop-in and without it, in turns in one container. Needs root, as the lab does.
#
#   Tests/Benchmarks/capture.sh
#
# RESTARTS is how many are measured of each kind.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
swift build --product old-agent >&2
swift build --product lab >&2
PATCH_DOCTOR_BINARY=${PATCH_DOCTOR:-$PWD/.build/release/patch-doctor} .build/debug/lab captures
echo "to stay within: 10 per mille of a core, and the disk that patch-doctor@.service names"
