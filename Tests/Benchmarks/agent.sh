#!/bin/bash
# The agent at rest: cold start to READY=1, memory when idle, and how often an idle agent wakes up; nginx beside it where
# it is installed. Against the bars of issue "the agent's life": 100 ms, 16 MiB, one wake-up in 30 s.
#
#   Tests/Benchmarks/agent.sh [SECONDS OF REST]
set -euo pipefail
rest=${1:-60}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
directory=$(mktemp -d)
started=()
finish() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$directory"
}
trap finish EXIT
cd "$directory"
{
    for name in ca server; do openssl ecparam -name prime256v1 -genkey -noout -out $name.key; done
    openssl req -x509 -new -key ca.key -subj '/CN=Bench CA' -days 400 -out ca.pem \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=IP:127.0.0.1\n' > ext
    openssl req -new -key server.key -subj '/CN=bench' |
        openssl x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -days 365 -extfile ext -out server.pem
} 2>openssl.log || { cat openssl.log >&2; exit 1; }
chmod 600 server.key

# Starts the agent with a socket that hears what systemd would hear, and says when READY=1 came, in ms.
cat > ready.py <<'EOF'
import os, socket, subprocess, sys, time
program, port, directory = sys.argv[1:4]
path = directory + "/notify"
if os.path.exists(path): os.unlink(path)
ears = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
ears.bind(path)
ears.settimeout(10)
begin = time.monotonic()
agent = subprocess.Popen([program, port, directory], env={**os.environ, "NOTIFY_SOCKET": path}, stderr=subprocess.DEVNULL)
while b"READY=1" not in ears.recv(4096): pass
print(agent.pid, round((time.monotonic() - begin) * 1000, 1))
EOF
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
starts=()
for _ in {1..11}; do
    read -r pid took < <(python3 ready.py "$here/Agent/serve.sh" "$(port)" "$directory")
    started+=("$pid")
    starts+=("$took")
    [[ ${#starts[@]} == 11 ]] || { kill "$pid"; tail --pid="$pid" -f /dev/null; }
done
if command -v nginx >/dev/null; then
    printf 'worker_processes 1; daemon off; pid %s/nginx.pid; error_log %s/nginx.err; events {} http { access_log off; server { listen 127.0.0.1:%s ssl; ssl_certificate server.pem; ssl_certificate_key server.key; } }' \
        "$directory" "$directory" "$(port)" > nginx.conf
    nginx -c "$directory/nginx.conf" 2>/dev/null & started+=($!)
    nginx=$!
fi
switches() { { cat /proc/"$1"/task/*/status 2>/dev/null || true; } | awk '/^voluntary_ctxt/ {n += $2} END {print n}'; }
sleep 5
before=$(switches "$pid")
sleep "$rest"
after=$(switches "$pid")
memory() { awk -v f="$2" '$1 == f":" {print $2}' /proc/"$1"/smaps_rollup; }
rss=$(memory "$pid" Rss)
median=$(printf '%s\n' "${starts[@]}" | sort -n | sed -n 6p)
verdict() { awk -v a="$1" -v b="$2" 'BEGIN {print (a <= b) ? "ok" : "MISSED"}'; }
printf 'cold start to READY=1   %8s ms (median of 11, %s to %s), at most 100: %s\n' "$median" \
    "$(printf '%s\n' "${starts[@]}" | sort -n | head -1)" "$(printf '%s\n' "${starts[@]}" | sort -n | tail -1)" "$(verdict "$median" 100)"
printf 'idle RSS                %8s KB (PSS %s, anonymous %s), at most 16384: %s\n' "$rss" "$(memory "$pid" Pss)" \
    "$(memory "$pid" Anonymous)" "$(verdict "$rss" 16384)"
printf 'wake-ups in %3s s       %8s, at most %s: %s\n' "$rest" $((after - before)) $((rest / 30)) "$(verdict $((after - before)) $((rest / 30)))"
if [[ -n ${nginx:-} ]]; then
    total=0
    for one in "$nginx" $(pgrep -P "$nginx"); do total=$((total + $(memory "$one" Rss))); done
    printf 'nginx, master and worker %7s KB\n' "$total"
fi
