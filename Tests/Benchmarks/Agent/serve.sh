#!/bin/bash
# Runs the agent with a port and a directory that holds ca.pem, server.pem and server.key, as a bench wants its servers:
# in a mount namespace of its own, so that nothing of it stays on the host. A directory dpkg beside them is the host's
# package database there, one that is called apt its lists. AGENT names the program.
set -euo pipefail
port=$1 directory=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
agent=${AGENT:-$root/.build/release/linux-patch-api}
home=$directory/agent
mkdir -p "$home"
cat > "$home/config.yaml" <<EOF
server: {port: $port, bind: 127.0.0.1}
tls: {port: $port, ca_cert: $directory/ca.pem, server_cert: $directory/server.pem, server_key: $directory/server.key, crl_path: $directory/crl.pem}
jobs: {max_concurrent: 1, timeout_minutes: 60}
logging: {level: info, file_path: $home/log/audit.log}
rate_limit: {enabled: false}
whitelist: {path: $home/whitelist.yaml}
EOF
if [[ -f $directory/enrollment.yaml ]]; then cat "$directory/enrollment.yaml" >> "$home/config.yaml"; fi
echo "entries: [${ENTRIES:-127.0.0.1}]" > "$home/whitelist.yaml"
if [[ $EUID != 0 ]]; then exec "$agent" --config "$home/config.yaml"; fi
# The state directory is the agent's own place: here it is one that goes with the process.
exec unshare --mount bash -c 'mount -t tmpfs -o mode=0755 bench /var/lib || exit
    for name in dpkg apt; do
        if [[ -d $0/$name ]]; then mkdir "/var/lib/$name" && mount --bind "$0/$name" "/var/lib/$name"; fi
    done
    exec "$@"' "$directory" "$agent" --config "$home/config.yaml"
