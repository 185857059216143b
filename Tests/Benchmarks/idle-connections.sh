#!/bin/bash
# What idle connections cost: so many over mutual TLS, each from one of many addresses of loopback and after one request,
# held at once by the agent. Prints its memory before and after and for each connection. The bar is 400 MiB for 10,000.
#
#   Tests/Benchmarks/idle-connections.sh [CONNECTIONS]
#
# AGENT names the program (.build/release/linux-patch-api). Everything ends with this script, after ten minutes at the latest.
set -euo pipefail
count=${1:-10000}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
agent=${AGENT:-$here/../../.build/release/linux-patch-api}
skip() { echo "idle-connections.sh: skipped: $1"; exit 0; }
for tool in openssl python3 unshare; do command -v "$tool" >/dev/null || skip "'$tool' is missing"; done
if [[ $EUID != 0 ]]; then skip "it needs root for a mount namespace"; fi
[[ -x $agent ]] || skip "there is no $agent: 'make agent' makes it"
ulimit -n $((count + 1000)) 2>/dev/null || skip "no $count files may be open at once"
directory=$(mktemp -d)
started=()
finish() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$directory"
}
trap finish EXIT
cd "$directory"
"$here/pki" 2
chmod 600 server.key
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > config.yaml <<YAML
server: {port: $port, bind: 127.0.0.1, timeout_seconds: 600, max_connections: $((count + 100)), max_connections_per_peer: 200}
tls: {port: $port, ca_cert: $directory/ca.pem, server_cert: $directory/server.pem, server_key: $directory/server.key, crl_path: $directory/crl.pem}
jobs: {max_concurrent: 1, timeout_minutes: 60}
logging: {level: info, file_path: $directory/log/audit.log}
rate_limit: {enabled: false}
whitelist: {path: $directory/whitelist.yaml}
YAML
echo 'entries: [127.0.0.0/8]' > whitelist.yaml
# The state directory is the agent's own place: here it is one that goes with the process.
unshare --mount bash -c 'mount -t tmpfs -o mode=0755 bench /var/lib && exec "$@"' bench \
    "$agent" --config "$directory/config.yaml" 2>agent.log & started+=($!)
timeout 600 python3 - "$port" "${started[0]}" "$count" <<'PYTHON' || { tail -n 5 agent.log >&2; exit 1; }
import socket, ssl, sys, time
port, pid, count = map(int, sys.argv[1:])
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.minimum_version = ssl.TLSVersion.TLSv1_3
context.load_verify_locations("ca.pem")
context.load_cert_chain("client.pem", "client.key")

def resident():
    return next(int(l.split()[1]) for l in open(f"/proc/{pid}/status") if l.startswith("VmRSS"))

def ask(line):
    line.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    answer = line.recv(65536)
    if not answer.startswith(b"HTTP/1.1 200 "): sys.exit(f"idle-connections.sh: error: {answer[:80]!r}")

def connect(number):
    # A hundred to an address: what one peer may have stays below its limit.
    source = f"127.0.{1 + number // 100 // 250}.{1 + number // 100 % 250}"
    line = socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(source, 0))
    line = context.wrap_socket(line, server_hostname="127.0.0.1")
    ask(line)
    return line

limit = time.monotonic() + 10
while True:
    try:
        # The first ones bring in code and buffers that all share.
        held = [connect(n) for n in range(20)]
        break
    except OSError:
        if time.monotonic() > limit: raise
        time.sleep(0.05)
before, begin = resident(), time.monotonic()
held += [connect(n) for n in range(20, count)]
took = time.monotonic() - begin
time.sleep(1)
after = resident()
# They are still there, the first as well as the last.
for line in held[:: max(1, count // 100)]: ask(line)
sockets = sum(1 for l in open(f"/proc/{pid}/net/tcp") if l.split()[1].endswith(f":{port:04X}") and l.split()[3] == "01")
load = " ".join(open("/proc/loadavg").read().split()[:3])
print(f"{sockets} connections held, made in {took:.0f} s; load {load}")
print(f"resident before {before / 1024:8.1f} MiB")
print(f"resident after  {after / 1024:8.1f} MiB (bar 400 MiB for 10,000)")
print(f"each            {(after - before) / (count - 20):8.1f} KiB")
if sockets < count: sys.exit("idle-connections.sh: error: some were closed")
if after > 400 * 1024: sys.exit("idle-connections.sh: over the bar")
PYTHON
