# Sourced by benches that ask the real agent: a directory that goes with the script, certificates, a free port, and
# functions to skip and to start the agent. `tools` names what has to be there, `here` is the directory of the benches.
name=$(basename "$0")
skip() { echo "$name: skipped: $1"; exit 0; }
for tool in $tools openssl python3 unshare; do command -v "$tool" >/dev/null || skip "'$tool' is missing"; done
if [[ $EUID != 0 ]]; then skip "it needs root for a mount namespace"; fi
directory=$(mktemp -d)
started=()
finish() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$directory"
}
trap finish EXIT
cd "$directory"
"$here/pki" 400
chmod 600 server.key
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# Starts the agent, then runs the bench's Python (standard input) with port, the given words and the agent's pid.
ask_agent() {
    "$here/Agent/serve.sh" "$port" "$directory" 2>agent.log & started+=($!)
    PYTHONPATH=$here/Agent timeout 600 python3 - "$port" "$@" "${started[0]}" || { tail -n 5 agent.log >&2; exit 1; }
}
