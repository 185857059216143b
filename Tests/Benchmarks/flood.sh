#!/bin/bash
# Who does the agent harm, and what does it pay: floods of six kinds against the agent as it is shipped, one after the
# other, while a well-behaved client asks for /health every 20 ms. Prints its answers' p50 and p99 beside those without a
# flood, what became of the flood, and the agent's memory: the most of each flood, and what is left at the end.
#
#   Tests/Benchmarks/flood.sh [SECONDS]
#
# SECONDS is how long each flood lasts (10). AGENT names the program. Everything is on loopback and ends with this script.
# Fails where the client is not answered, where memory goes over 128 MiB, or where the agent ends.
set -euo pipefail
seconds=${1:-10}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export AGENT=${AGENT:-$here/../../.build/release/linux-patch-api}
tools=""
source "$here/Agent/stage.sh"
[[ -x $AGENT ]] || skip "there is no $AGENT: 'make agent' makes it"
ulimit -n 8192 2>/dev/null || skip "no 8192 files may be open at once"
export ENTRIES="127.0.0.0/8"
ask_agent "$seconds" < "$here/Agent/flood.py"
