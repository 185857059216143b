#!/bin/bash
# Records what the port and process probes read of a host: the socket tables and, for the processes given, their small
# files, links and descriptors. As root, on the host or in a container that is in the situation.
#
#   record-host.sh DIRECTORY PID...
set -euo pipefail
target=$1
shift
mkdir -p "$target/proc/net" "$target/proc/self/ns" "$target/proc/sys/net/ipv4" "$target/etc"
for table in tcp tcp6; do cat "/proc/net/$table" >"$target/proc/net/$table"; done
cat /proc/sys/net/ipv4/ip_local_port_range >"$target/proc/sys/net/ipv4/ip_local_port_range"
grep '^btime' /proc/stat >"$target/proc/stat"
grep -E '^(root|nobody|daemon):' /etc/passwd >"$target/etc/passwd"
ln -sfn "$(readlink /proc/self/ns/net)" "$target/proc/self/ns/net"
for pid in "$@"; do
    mkdir -p "$target/proc/$pid/fd" "$target/proc/$pid/ns"
    for file in stat status cmdline cgroup loginuid comm; do
        cat "/proc/$pid/$file" >"$target/proc/$pid/$file"
    done
    if link=$(readlink "/proc/$pid/exe"); then ln -sfn "$link" "$target/proc/$pid/exe"; fi
    for kind in net pid; do ln -sfn "$(readlink "/proc/$pid/ns/$kind")" "$target/proc/$pid/ns/$kind"; done
    for fd in "/proc/$pid/fd"/*; do ln -sfn "$(readlink "$fd")" "$target/proc/$pid/fd/${fd##*/}" || true; done
done
