#!/bin/bash
# Mutual TLS 1.3 on one core: the agent against nginx and prometheus-node-exporter, with the same certificates, in
# turns. New connections and kept ones per second, processor time per operation, memory per idle connection; then the
# ratios against the bars. On a busy machine rates say little: processor time per operation is what to compare.
#
#   Tests/Benchmarks/serving.sh [RUNS]
#
# IDLE connections are held at once for the memory of each; one peer may have 128 at the agent.
# SERVING_BENCH names another program to measure, the transport alone (serving-bench) for one: it is run with a port and a directory that holds ca.pem, server.pem
# and server.key, and serves SERVING_PATH (/api/v1/health). Servers are pinned to processor 0, clients to processor 1.
# Everything is on loopback and ends with this script. Without nginx or the exporter their columns are left out.
set -euo pipefail
runs=${1:-3}
path=${SERVING_PATH:-/api/v1/health}
connections=${CONNECTIONS:-3000} requests=${REQUESTS:-100000} idle=${IDLE:-120}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

for tool in ab openssl python3 taskset; do
    command -v "$tool" >/dev/null || { echo "serving.sh: skipped: '$tool' is missing (apache2-utils openssl python3)" >&2; exit 0; }
done
SERVING_BENCH=${SERVING_BENCH:-$root/Tests/Benchmarks/Agent/serve.sh}

directory=$(mktemp -d)
started=()
finish() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$directory"
}
trap finish EXIT
# The whole of it may not take longer than ten minutes.
self=$$
{ sleep 600 && kill "$self"; } >/dev/null 2>&1 & started+=($!)

cd "$directory"
"$root/Tests/Benchmarks/pki" 2
cat client.pem client.key > both.pem

port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
listening() { # port, name
    for _ in {1..200}; do
        if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
        sleep 0.05
    done
    echo "serving.sh: error: $2 does not listen" >&2
    exit 1
}

declare -A ports pids paths label
names=(ours)
ports[ours]=$(port) paths[ours]=$path label[ours]=ours
taskset -c 0 "$SERVING_BENCH" "${ports[ours]}" "$directory" & started+=($!)
pids[ours]=$!

if command -v nginx >/dev/null; then
    names+=(nginx)
    ports[nginx]=$(port) paths[nginx]=/ label[nginx]=nginx
    cat > nginx.conf <<EOF
worker_processes 1; pid $directory/nginx.pid; error_log $directory/nginx.err; daemon off;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 10000000; keepalive_timeout 600;
server { listen 127.0.0.1:${ports[nginx]} ssl; ssl_certificate $directory/server.pem; ssl_certificate_key $directory/server.key;
ssl_client_certificate $directory/ca.pem; ssl_verify_client on; ssl_protocols TLSv1.3; ssl_session_tickets off; ssl_session_cache off;
location / { default_type application/json; return 200 '{"success":true,"request_id":"f81d4fae-7dec-41d0-a765-00a0c91e6bf6","timestamp":"2026-11-23T20:00:00+00:00","data":{"status":"healthy","uptime_seconds":1,"version":"1.2.0"},"error":null}'; } } }
EOF
    taskset -c 0 nginx -c "$directory/nginx.conf" 2>nginx.log & started+=($!)
    master=$!
    listening "${ports[nginx]}" nginx
    pids[nginx]=$(pgrep -P "$master")
fi
if command -v prometheus-node-exporter >/dev/null; then
    names+=(exporter)
    ports[exporter]=$(port) paths[exporter]=/ label[exporter]=node_exporter
    cat > web.yml <<EOF
tls_server_config: {cert_file: $directory/server.pem, key_file: $directory/server.key, client_ca_file: $directory/ca.pem, client_auth_type: RequireAndVerifyClientCert, min_version: TLS13}
EOF
    GOMAXPROCS=1 taskset -c 0 prometheus-node-exporter --web.config.file="$directory/web.yml" \
        --web.listen-address="127.0.0.1:${ports[exporter]}" 2>exporter.log & started+=($!)
    pids[exporter]=$!
fi
for name in "${names[@]}"; do listening "${ports[$name]}" "${label[$name]}"; done

ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{print $12 + $13}'; }
hertz=$(getconf CLK_TCK)
declare -A rate cost
measure() { # name, kind, count, options…
    local name=$1 kind=$2 count=$3 before after answer
    shift 3
    before=$(ticks "${pids[$name]}")
    answer=$(timeout 120 taskset -c 1 ab -q "$@" -E both.pem -f TLS1.3 -n "$count" -c 16 \
        "https://127.0.0.1:${ports[$name]}${paths[$name]}" 2>&1)
    after=$(ticks "${pids[$name]}")
    if ! grep -q '^Failed requests: *0$' <<<"$answer" || grep -q '^Non-2xx' <<<"$answer"; then
        echo "serving.sh: error: ${label[$name]}, $kind: not every request was answered" >&2
        grep -E 'Failed|Non-2xx|SSL' <<<"$answer" >&2 || true
        exit 1
    fi
    rate[$kind $name]+="$(sed -n 's/^Requests per second: *\([0-9.]*\).*/\1/p' <<<"$answer") "
    cost[$kind $name]+="$(awk -v a="$before" -v b="$after" -v h="$hertz" -v n="$count" 'BEGIN {print (b - a) / h / n * 1e6}') "
}
for ((run = 0; run < runs; run++)); do
    for name in "${names[@]}"; do measure "$name" new "$connections"; done
    for name in "${names[@]}"; do measure "$name" kept "$requests" -k; done
done

declare -A memory
for name in "${names[@]}"; do
    memory[$name]=$(timeout 120 python3 - "${ports[$name]}" "${pids[$name]}" "$idle" "${paths[$name]}" <<'EOF'
import socket, ssl, sys, time
port, pid, count, path = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.minimum_version = ssl.TLSVersion.TLSv1_3
context.load_verify_locations("ca.pem")
context.load_cert_chain("client.pem", "client.key")
def resident():
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"): return int(line.split()[1])
def connect():
    one = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="127.0.0.1")
    one.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    assert b" 200 " in one.recv(65536)
    return one
time.sleep(1.5)
# The first ones bring in code and buffers that all share.
held = [connect() for _ in range(20)]
time.sleep(0.5)
before = resident()
held += [connect() for _ in range(count - 20)]
time.sleep(0.5)
print(f"{(resident() - before) / (count - 20):.1f} {before}")
EOF
    )
done

median() { tr ' ' '\n' <<<"$1" | sed '/^$/d' | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
echo "$runs runs, $connections new connections and $requests kept requests each, 16 at once; load $(cut -d' ' -f1-3 /proc/loadavg)"
printf '%-16s %12s %10s %12s %10s %14s %10s\n' "" "new/s" "µs each" "kept/s" "µs each" "KB per idle" "RSS, KB"
for name in "${names[@]}"; do
    read -r each resident <<<"${memory[$name]}"
    printf '%-16s %12.0f %10.0f %12.0f %10.1f %14s %10s\n' "${label[$name]}" "$(median "${rate[new $name]}")" \
        "$(median "${cost[new $name]}")" "$(median "${rate[kept $name]}")" "$(median "${cost[kept $name]}")" "$each" "$resident"
done
bar() { # words, ours, other, at least
    awk -v w="$1" -v a="$2" -v b="$3" -v l="$4" \
        'BEGIN {printf "%-52s %6.2f, at least %.1f: %s\n", w, a / b, l, (a / b >= l) ? "ok" : "MISSED"}'
}
if [[ -n ${pids[nginx]:-} ]]; then
    bar "new connections per second, of nginx" "$(median "${rate[new ours]}")" "$(median "${rate[new nginx]}")" 1.0
    bar "new connections per processor second, of nginx" "$(median "${cost[new nginx]}")" "$(median "${cost[new ours]}")" 1.0
    bar "kept requests per second, of nginx" "$(median "${rate[kept ours]}")" "$(median "${rate[kept nginx]}")" 0.5
fi
if [[ -n ${pids[exporter]:-} ]]; then
    bar "kept requests per second, of node_exporter" "$(median "${rate[kept ours]}")" "$(median "${rate[kept exporter]}")" 1.2
fi
awk -v a="${memory[ours]%% *}" 'BEGIN {printf "%-52s %6.1f, at most 40: %s\n", "KB per idle connection", a, (a <= 40) ? "ok" : "MISSED"}'
