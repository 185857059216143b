#!/bin/bash
# Who holds port 12443, among 2,000 processes with 100,000 descriptors and 50,000 sockets: patch-doctor against ss, lsof
# and fuser, in turns. Prints medians in milliseconds and our part of each peer's time. On a busy machine wall time says
# little about a program that uses several processors; processor time is printed beside it.
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
declare -A wall processor
TIMEFORMAT='%R %U %S'

# The holder as ss tells it, which every other answer must name too.
holder=$(ss -ltnpH "sport = :$port" | sed -n 's/.*pid=\([0-9]*\).*/\1/p')
for name in "${names[@]}"; do
    answer=$(${command[$name]} 2>/dev/null || true)
    [[ $answer == *"$holder"* ]] || { echo "port.sh: error: ${label[$name]} did not name pid $holder" >&2; exit 1; }
done
# And the whole answer must be whole.
answer=$(${command[whole]})
seen=$(sed -n 's/.*"descriptors_scanned" : \([0-9]*\).*/\1/p' <<<"$answer")
if [[ $answer != *'"complete" : true'* ]] || ((seen < descriptors * 95 / 100)); then
    echo "port.sh: error: patch-doctor looked at ${seen:-0} descriptors only" >&2
    exit 1
fi

for ((run = 0; run < runs; run++)); do
    for name in "${names[@]}"; do
        read -r real user system < <({ time ${command[$name]} >/dev/null 2>&1; } 2>&1 || true)
        wall[$name]+="$real "
        processor[$name]+="$(awk -v u="$user" -v s="$system" 'BEGIN {print u + s}') "
    done
done
exec {crowd_end}>&-

median() { tr ' ' '\n' <<<"$1" | sed '/^$/d' | sort -n | awk '{v[NR] = $1 * 1000} END {print v[int((NR + 1) / 2)]}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.3f", a / b}'; }
echo "$processes processes, $descriptors descriptors, $sockets sockets, listener in the $where place, $runs runs each,"
echo "$(nproc) processors, load $(cut -d' ' -f1-3 /proc/loadavg); every answer named pid $holder"
for kind in wall processor; do
    declare -n times=$kind
    ss=$(median "${times[ss]}") lsof=$(median "${times[lsof]}") fuser=$(median "${times[fuser]}")
    printf '\n%-36s %14s %7s %8s %9s\n' "" "$kind time, ms" "of ss" "of lsof" "of fuser"
    for name in "${names[@]}"; do
        own=$(median "${times[$name]}")
        printf '%-36s %14.0f %7s %8s %9s\n' "${label[$name]}" "$own" \
            "$(ratio "$own" "$ss")" "$(ratio "$own" "$lsof")" "$(ratio "$own" "$fuser")"
    done
done
