#!/bin/bash
# The agent against docs/openapi.yaml by schemathesis: requests made up from the document, proper ones and nonsense, each
# answer checked against what the document says of it. Prints schemathesis' summary; fails with any failure.
#
#   Tests/Benchmarks/schemathesis.sh [SECONDS] [OPTION…]
#
# OPTIONs go to 'schemathesis run'. AGENT names the agent (.build/debug/linux-patch-api), SCHEMATHESIS the program, where
# it is not in PATH; SEED repeats a run.
#
# Made-up requests remove packages and boot the host again. So the agent runs in a copy of the lab's Debian (`make lab`
# makes it) that is gone afterwards: chroot over an overlay in memory, namespaces of its own for mounts, processes and
# the network, and without the capabilities that reach the kernel. Jobs are real, but all they
# have is that copy; there is no systemd to ask, and no network.
set -euo pipefail
seconds=${1:-300}
shift || true
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
agent=${AGENT:-$root/.build/debug/linux-patch-api}
skip() { echo "schemathesis.sh: skipped: $1"; exit 0; }
if [[ $EUID != 0 ]]; then skip "it needs root for namespaces"; fi
if [[ ${1:-} != --inside ]]; then
    tester=$(command -v "${SCHEMATHESIS:-schemathesis}") || skip "'schemathesis' is missing (pip install schemathesis)"
    for tool in ip openssl setpriv unshare; do command -v "$tool" >/dev/null || skip "'$tool' is missing"; done
    [[ -x $agent ]] || skip "there is no $agent: build it"
    tree=$(find "${PATCH_DOCTOR_LAB:-/var/cache/patch-doctor-lab}" -maxdepth 1 -name 'tree-*' -printf '%T@ %p\n' 2>/dev/null |
        sort -n | tail -n 1 | cut -d' ' -f2-)
    [[ -n $tree ]] || skip "there is no tree of the lab: 'make lab' makes one"
    directory=$(mktemp -d)
    trap 'rm -rf "$directory"' EXIT
    # All of it ends with the first process of its namespace.
    timeout --foreground "$((seconds + 240))" unshare --mount --net --pid --fork --kill-child --mount-proc \
        "${BASH_SOURCE[0]}" "$seconds" --inside "$directory" "$tree" "$tester" "$@"
    exit
fi
directory=$2 tree=$3 tester=$4
shift 4

mount --make-rprivate /
mount -t tmpfs -o mode=0755 conformance "$directory"
cd "$directory"
mkdir upper work host
mount -t overlay -o "lowerdir=$tree,upperdir=upper,workdir=work" conformance host
ip link set lo up
"$here/pki" 2
mkdir -p host/agent host/etc/conformance host/dev host/proc
chmod 600 server.key
cp ca.pem server.pem server.key host/etc/conformance/
cp "$agent" host/agent/
# A debug build wants the runtime of the compiler that made it.
ldd "$agent" | sed -n 's|.*=> \(/.*/swift/linux/lib[^ ]*\) .*|\1|p' | xargs -r cp -t host/agent
cat > host/etc/conformance/config.yaml <<YAML
server: {port: 12443, bind: 127.0.0.1}
tls: {port: 12443, ca_cert: /etc/conformance/ca.pem, server_cert: /etc/conformance/server.pem, server_key: /etc/conformance/server.key, crl_path: /etc/conformance/crl.pem}
jobs: {max_concurrent: 1, timeout_minutes: 60}
logging: {level: info, file_path: /var/log/conformance/audit.log}
rate_limit: {enabled: false}
whitelist: {path: /etc/conformance/whitelist.yaml}
YAML
echo 'entries: [127.0.0.1]' > host/etc/conformance/whitelist.yaml
mount -t proc -o ro proc host/proc
mount -t tmpfs -o mode=0755 dev host/dev
for device in null zero full random urandom; do
    : > "host/dev/$device"
    mount --bind "/dev/$device" "host/dev/$device"
done
installed() { grep -c '^Status: .* installed$' host/var/lib/dpkg/status; }
before=$(installed)
setpriv --bounding-set=-sys_boot,-sys_module,-sys_rawio,-sys_admin,-sys_time,-sys_ptrace,-mknod \
    chroot host env LD_LIBRARY_PATH=/agent /agent/linux-patch-api --config /etc/conformance/config.yaml 2>agent.log &
pid=$!
for _ in {1..200}; do
    if (exec 3<>/dev/tcp/127.0.0.1/12443) 2>/dev/null; then break; fi
    kill -0 "$pid" 2>/dev/null || { tail -n 5 agent.log >&2; exit 1; }
    sleep 0.05
done
status=0
"$tester" --config-file "$here/schemathesis.toml" run "$root/docs/openapi.yaml" --url https://127.0.0.1:12443 \
    --request-cert client.pem --request-cert-key client.key --tls-verify ca.pem --no-color \
    --checks all --max-time "$seconds" --workers 2 --generation-database none ${SEED:+--seed "$SEED"} "$@" || status=$?
kill -0 "$pid" 2>/dev/null || { echo "schemathesis.sh: error: the agent ended" >&2; status=1; }
if ((status)); then grep -v -e accepted -e begun -e failed: agent.log | tail -n 20 >&2; fi
sed -n 's/^VmHWM:[[:space:]]*/most memory of the agent: /p' "/proc/$pid/status"
echo "$(wc -l < host/var/log/conformance/audit.log) lines in the audit log, $(installed) of $before packages left there"
exit "$status"
