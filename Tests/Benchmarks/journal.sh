#!/bin/bash
# The history of a unit that was restarted 120,000 times, 600,000 entries of journal: our journal probe against
# `journalctl -u UNIT -o json | wc -l`, in turns. Prints medians, our part of its time, and our peak resident set.
#
#   Tests/Benchmarks/journal.sh [RUNS]
#
# RESTARTS changes the journal's length; JOURNAL names a directory of journal files that is there already.
set -euo pipefail
runs=${1:-5}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
remote=/lib/systemd/systemd-journal-remote
unit=linux-patch-api.service

cd "$root"
swift build -c release --product journal-bench >&2
bench=$(swift build -c release --show-bin-path)/journal-bench
journal=${JOURNAL:-}
if [[ -z $journal ]]; then
    [[ -x $remote ]] || { echo "journal.sh: error: '$remote' is missing (systemd-journal-remote)" >&2; exit 1; }
    directory=$(mktemp -d)
    trap 'rm -rf "$directory"' EXIT
    journal=$directory/journal
    mkdir "$journal"
    "${CC:-cc}" -O2 -o "$directory/maker" "$here/JournalMaker/main.c"
    echo "journal.sh: making a journal of ${RESTARTS:-120000} restarts" >&2
    "$directory/maker" "${RESTARTS:-120000}" "$unit" | "$remote" --output="$journal/system.journal" - 2>/dev/null
fi

declare -A times
now() { echo "${EPOCHREALTIME/./}"; }
lines=$(journalctl --directory="$journal" -u "$unit" -o json | wc -l)
for ((run = 0; run < runs; run++)); do
    start=$(now)
    journalctl --directory="$journal" -u "$unit" -o json | wc -l >/dev/null
    times[journalctl]+="$(($(now) - start)) "
    start=$(now)
    answer=$("$bench" "$journal" "$unit")
    times[whole]+="$(($(now) - start)) "
    read -r milliseconds resident <<<"${answer##*$'\n'}"
    times[probe]+="$((milliseconds * 1000)) "
    times[resident]+="$resident "
done

median() { tr ' ' '\n' <<<"${times[$1]}" | sed '/^$/d' | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
largest() { tr ' ' '\n' <<<"${times[$1]}" | sort -n | tail -1; }
peer=$(median journalctl)
head -n -1 <<<"$answer"
echo
echo "$lines entries of the unit, $runs runs each, $(nproc) processors, load $(cut -d' ' -f1-3 /proc/loadavg)"
printf '%-44s %10s %8s\n' "" "median ms" "ratio"
printf '%-44s %10d\n' "journalctl -u UNIT -o json | wc -l" "$((peer / 1000))"
for part in probe whole; do
    own=$(median $part)
    label="journal probe"
    [[ $part == whole ]] && label="journal probe with the start of its process"
    printf '%-44s %10d %8s\n' "$label" "$((own / 1000))" "$(awk -v a="$own" -v b="$peer" 'BEGIN {printf "%.3f", a / b}')"
done
echo "peak resident set $(($(largest resident) / 1024)) MiB; to stay within: ratio 0.1, 64 MiB for the whole program"
