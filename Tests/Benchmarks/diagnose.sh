#!/bin/bash
# The diagnosis of one bundle, `patch-doctor diagnose --from`: the whole process, and of that the rules alone. The
# bundle is the incident's, with 512 KiB of raw material, as a directory and as one .tar.zst. Fails when over budget.
#
#   Tests/Benchmarks/diagnose.sh [RUNS]
#
# BUNDLE names another bundle, such as one that a lab scenario left; CONFIGURATION=debug shows only that it works.
set -euo pipefail
runs=${1:-21}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
configuration=${CONFIGURATION:-release}
program=${PATCH_DOCTOR:-$PWD/.build/$configuration/patch-doctor}
most_ms=20

for product in sealer diagnose-bench; do swift build -c "$configuration" --product $product >&2; done
built=$(swift build -c "$configuration" --show-bin-path)
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

# Milliseconds of a whole run: the quietest of three rounds' medians, since another program's noise is none of ours. A
# verdict is no failure.
whole() {
    perl -MTime::HiRes=time -e '
        my ($runs, @words) = @ARGV;
        open(my $out, ">&", \*STDOUT); open(STDOUT, ">/dev/null");
        my @rounds;
        for (1 .. 3) {
            my @times;
            for (1 .. $runs) {
                my $start = time;
                system(@words);
                die "exited with $?" if ($? >> 8) > 2 || $? & 127;
                push @times, (time - $start) * 1000;
            }
            push @rounds, (sort { $a <=> $b } @times)[@times / 2];
        }
        printf $out "%.1f", (sort { $a <=> $b } @rounds)[0]' "$runs" "$@"
}

failed=0
measure() { # NAME BUNDLE
    local time steps verify judge tell
    time=$(whole "$program" diagnose --from "$2" --format json)
    read -r verify judge tell <<<"$("$built/diagnose-bench" "$2" "$runs")"
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
        bundle=$("$built/sealer" "$directory" $form 512 | sed -n 's/^finished //p')
        measure "$form" "$bundle"
    done
fi
exit $failed
