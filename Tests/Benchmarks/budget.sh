#!/bin/bash
# What the program that goes onto a sick host may cost: size, start-up, memory, libraries. Fails when over budget.
set -euo pipefail
program=${1:-.build/release/patch-doctor}
max_size_kib=$((20 * 1024)) max_rss_kib=$((15 * 1024)) max_start_ratio=6

failed=0
check() { # name, figure, limit, unit
    if awk -v f="$2" -v l="$3" 'BEGIN { exit !(f <= l) }'; then verdict=ok; else verdict="OVER BUDGET"; failed=1; fi
    printf '%-28s %10s %s, at most %s: %s\n' "$1" "$2" "$4" "$3" "$verdict"
}

check "size, stripped" "$(($(stat -Lc %s "$program") / 1024))" "$max_size_kib" KiB
# Where the loader puts things differs from run to run, and with it the pages that are touched.
resident=$(for _ in {1..9}; do /usr/bin/time -f %M "$program" --version 2>&1 >/dev/null; done | sort -n | sed -n 5p)
check "median peak of --version" "$resident" "$max_rss_kib" KiB
# Against perl's start in the same rounds, since a machine's pace differs from day to day; the quietest of three rounds of
# medians: another program's noise is no start-up of ours.
read -r start peer ratio < <(perl -MTime::HiRes=time -e '
    open(STDERR, ">/dev/null"); open(my $out, ">&", \*STDOUT); open(STDOUT, ">/dev/null");
    sub run { my $t = time; system(@_) == 0 or die; (time - $t) * 1000 }
    my @best = ([1e9, 1], [1e9, 1]);
    for (1 .. 3) {
        my (@own, @other);
        for (1 .. 21) { push @own, run($ARGV[0], "--version"); push @other, run("/usr/bin/perl", "-e", "1") }
        my ($own, $other) = map { (sort { $a <=> $b } @$_)[10] } \@own, \@other;
        @best = ([$own, $other]) if $own < $best[0][0];
    }
    my ($own, $other) = @{$best[0]};
    printf $out "%.1f %.1f %.1f\n", $own, $other, $own / $other' "$program")
check "start-up, of perl's $peer ms" "$ratio" "$max_start_ratio" "times ($start ms)"
# ICU is the 44 MB that one careless call brings in: as a library, or as symbols in the binary itself.
icu=$( (ldd "$program"; nm -D "$program" 2>/dev/null; strings -n 8 "$program") | grep -c -E 'libicu|_foundation_unicode|ucnv_open|udat_open' || true)
check "traces of ICU" "$icu" 0 ""
exit $failed
