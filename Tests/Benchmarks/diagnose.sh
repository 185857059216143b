#!/bin/bash
# The diagnosis of one bundle, `patch-doctor diagnose --from`: the whole process, and of that the rules alone. The
# bundle is the incident's, with 512 KiB of raw material, as a directory and as one .tar.zst. Fails when over budget.
#
#   Tests/Benchmarks/diagnose.sh [RUNS]
#
# BUNDLE names another bundle, such as one that a lab scenario left.
set -euo pipefail
runs=${1:-21}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
program=${PATCH_DOCTOR:-$PWD/.build/release/patch-doctor}
most_ms=20

for product in sealer diagnose-bench; do swift build -c release --product $product >&2; done
release=$(swift build -c release --show-bin-path)
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

# The median of RUNS whole runs in milliseconds; a verdict is no failure.
whole() {
    perl -MTime::HiRes=time -e '
        my ($runs, @words) = @ARGV;
        open(my $out, ">&", \*STDOUT); open(STDOUT, ">/dev/null");
        my @times;
        for (1 .. $runs) {
            my $start = time;
            system(@words);
            die "exited with $?" if ($? >> 8) > 2 || $? & 127;
            push @times, (time - $start) * 1000;
        }
        printf $out "%.1f", (sort { $a <=> $b } @times)[@times / 2]' "$runs" "$@"
}

failed=0
measure() { # NAME BUNDLE
    local time steps verify judge tell
    time=$(whole "$program" diagnose --from "$2" --format json)
    read -r verify judge tell <<<"$("$release/diagnose-bench" "$2" "$runs")"
    awk -v name="$1" -v whole="$time" -v verify="$verify" -v judge="$judge" -v tell="$tell" -v most=$most_ms 'BEGIN {
        printf "%-22s whole process %5.1f ms, at most %d: %s\n", name, whole, most, whole <= most ? "ok" : "OVER BUDGET"
        printf "%-22s verify and read %.2f ms, rules and story %.2f ms (%.0f %% of the whole), report %.2f ms\n", "",
            verify / 1000, judge / 1000, judge / 10 / whole, tell / 1000
        exit whole > most
    }' || failed=1
}

if [[ -n ${BUNDLE:-} ]]; then
    measure "$(basename "$BUNDLE")" "$BUNDLE"
else
    for form in directory archive; do
        bundle=$("$release/sealer" "$directory" $form 512 | sed -n 's/^finished //p')
        measure "$form" "$bundle"
    done
fi
exit $failed
