#!/bin/bash
# Who holds port 12443, among 2,000 processes with 100,000 descriptors and 50,000 sockets: patch-doctor against ss, lsof
# and fuser, in turns. Prints medians in milliseconds and our part of each peer's time.
#
#   Tests/Benchmarks/port.sh [RUNS [first|middle|last|high]]
#
# PROCESSES, DESCRIPTORS and SOCKETS change the crowd; PATCH_DOCTOR names a program that is built already. Everything
# happens in a network and a PID namespace of its own that ends with this script, after ten minutes at the latest.
set -euo pipefail
runs=${1:-7}
where=${2:-last}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

if [[ -z ${PORT_BENCH_INSIDE:-} ]]; then
    for tool in ss lsof fuser unshare; do
        command -v "$tool" >/dev/null || { echo "port.sh: error: '$tool' is missing (iproute2 lsof psmisc)" >&2; exit 1; }
    done
    cd "$root"
    if [[ -z ${PATCH_DOCTOR:-} ]]; then
        swift build -c release --product patch-doctor --static-swift-stdlib >&2
        PATCH_DOCTOR=$(swift build -c release --show-bin-path)/patch-doctor
    fi
    directory=$(mktemp -d)
    trap 'rm -rf "$directory"' EXIT
    "${CC:-cc}" -O2 -o "$directory/crowd" "$here/Crowd/main.c"
    export PATCH_DOCTOR CROWD=$directory/crowd PORT_BENCH_INSIDE=1
    timeout 600 unshare --net --pid --fork --mount-proc --kill-child "${BASH_SOURCE[0]}" "$runs" "$where"
    exit
fi

processes=${PROCESSES:-2000} descriptors=${DESCRIPTORS:-100000} sockets=${SOCKETS:-50000} port=12443
coproc crowd { exec setsid "$CROWD" "$processes" "$descriptors" "$sockets" "$port" "$where"; }
crowd_end=${crowd[1]}
read -r -t 300 answer <&"${crowd[0]}" || true
[[ ${answer:-} == READY ]] || { echo "port.sh: error: the crowd did not come up" >&2; exit 1; }

names=(ss lsof fuser whole first)
declare -A command=(
    [ss]="ss -ltnp"
    [lsof]="lsof -nP -iTCP:$port -sTCP:LISTEN"
    [fuser]="fuser $port/tcp"
    [whole]="$PATCH_DOCTOR port $port --format json"
    [first]="$PATCH_DOCTOR port $port --first"
)
declare -A label=(
    [ss]="ss -ltnp" [lsof]="lsof -nP -iTCP:$port -sTCP:LISTEN" [fuser]="fuser $port/tcp"
    [whole]="patch-doctor port $port" [first]="patch-doctor port $port --first"
)
declare -A times

# The holder as ss tells it, which every other answer must name too.
holder=$(ss -ltnpH "sport = :$port" | sed -n 's/.*pid=\([0-9]*\).*/\1/p')
for name in "${names[@]}"; do
    answer=$(${command[$name]} 2>/dev/null || true)
    [[ $answer == *"$holder"* ]] || { echo "port.sh: error: ${label[$name]} did not name pid $holder" >&2; exit 1; }
done

for ((run = 0; run < runs; run++)); do
    for name in "${names[@]}"; do
        start=${EPOCHREALTIME/./}
        ${command[$name]} >/dev/null 2>&1 || true
        times[$name]+="$((${EPOCHREALTIME/./} - start)) "
    done
done
exec {crowd_end}>&-

median() { tr ' ' '\n' <<<"${times[$1]}" | sed '/^$/d' | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.3f", a / b}'; }
echo "$processes processes, $descriptors descriptors, $sockets sockets, listener in the $where place, $runs runs each,"
echo "$(nproc) processors, load $(cut -d' ' -f1-3 /proc/loadavg); every answer named pid $holder"
ss=$(median ss) lsof=$(median lsof) fuser=$(median fuser)
printf '%-40s %10s %8s %8s %8s\n' "" "median ms" "of ss" "of lsof" "of fuser"
for name in "${names[@]}"; do
    own=$(median "$name")
    printf '%-40s %10s %8s %8s %8s\n' "${label[$name]}" "$(awk -v t="$own" 'BEGIN {printf "%.1f", t / 1000}')" \
        "$(ratio "$own" "$ss")" "$(ratio "$own" "$lsof")" "$(ratio "$own" "$fuser")"
done
