#!/bin/bash
# What the program that goes onto a sick host may cost: size, start-up, memory, libraries. Fails when over budget.
set -euo pipefail
program=${1:-.build/release/patch-doctor}
max_size_kib=$((20 * 1024)) max_rss_kib=$((15 * 1024)) max_start_ms=10

failed=0
check() { # name, figure, limit, unit
    if awk -v f="$2" -v l="$3" 'BEGIN { exit !(f <= l) }'; then verdict=ok; else verdict="OVER BUDGET"; failed=1; fi
    printf '%-28s %10s %s, at most %s: %s\n' "$1" "$2" "$4" "$3" "$verdict"
}

check "size, stripped" "$(($(stat -Lc %s "$program") / 1024))" "$max_size_kib" KiB
# Where the loader puts things differs from run to run, and with it the pages that are touched.
resident=$(for _ in {1..9}; do /usr/bin/time -f %M "$program" --version 2>&1 >/dev/null; done | sort -n | sed -n 5p)
check "median peak of --version" "$resident" "$max_rss_kib" KiB
# The quietest of three rounds of medians: another program's noise is no start-up of ours.
start=$(perl -MTime::HiRes=time -e '
    open(STDERR, ">/dev/null"); open(my $out, ">&", \*STDOUT); open(STDOUT, ">/dev/null");
    my @rounds;
    for (1 .. 3) {
        my @times;
        for (1 .. 21) { my $t = time; system($ARGV[0], "--version") == 0 or die; push @times, (time - $t) * 1000 }
        push @rounds, (sort { $a <=> $b } @times)[10];
    }
    printf $out "%.1f", (sort { $a <=> $b } @rounds)[0]' "$program")
check "start-up of --version" "$start" "$max_start_ms" ms
# ICU is the 44 MB that one careless call brings in: as a library, or as symbols in the binary itself.
icu=$( (ldd "$program"; nm -D "$program" 2>/dev/null; strings -n 8 "$program") | grep -c -E 'libicu|_foundation_unicode|ucnv_open|udat_open' || true)
check "traces of ICU" "$icu" 0 ""
exit $failed
