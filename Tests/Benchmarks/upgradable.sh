#!/bin/bash
# GET /api/v1/packages?status=upgradable over mutual TLS, on a kept connection, from the cache, against
# 'apt list --upgradable' on the same lists and database, in turns; the bar is 5 ms. And what a client of /health waits for
# meanwhile: its 99th percentile while nothing goes on, and while apt-get simulates an upgrade of this host over and over.
#
#   Tests/Benchmarks/upgradable.sh [RUNS]
#
# It takes copies of this host's own database and lists, and changes nothing there. It is root's, since the agent gets
# them in a mount namespace. Everything ends with this script, after ten minutes at the latest.
set -euo pipefail
runs=${1:-15}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=apt-get
source "$here/Agent/stage.sh"
cp -a /var/lib/dpkg dpkg
cp -a /var/lib/apt apt
ask_agent "$runs" <<'EOF2'
import json, os, statistics, subprocess, sys, time
from client import Client, load, resident
port, runs, agent = map(int, sys.argv[1:])
ask = Client(port).ask

def peer():
    begin = time.perf_counter()
    told = subprocess.run(["apt", "list", "--upgradable"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - begin) * 1000, told.stdout

upgradable = "/api/v1/packages?status=upgradable"
first, body = ask(upgradable)
told = json.loads(body)["data"]
known = [l for l in peer()[1].decode().splitlines() if "/" in l]
# Copies are as young as this bench: what is younger than a second is not kept.
time.sleep(1.2)
ask(upgradable)
cached, others = [], []
for _ in range(runs):
    cached.append(ask(upgradable)[0])
    others.append(peer()[0])
c, p = statistics.median(cached), statistics.median(others)
print(f"{told['total']} upgradable ({len(known)} by apt), {runs} runs each; load {load()}")
print(f"{'apt list --upgradable':36} {p:8.1f} ms")
print(f"{'GET ?status=upgradable, first':36} {first:8.1f} ms")
print(f"{'GET ?status=upgradable, cached':36} {c:8.1f} ms   {c / p:5.3f} of apt (bar 5 ms)")

def latency(seconds):
    taken, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        taken.append(ask("/api/v1/health")[0])
        time.sleep(0.005)
    return sorted(taken)[len(taken) * 99 // 100], len(taken)

idle, count = latency(8)
busy = subprocess.Popen(["sh", "-c", "while :; do apt-get --simulate --ignore-hold dist-upgrade; done"],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
try: loaded, _ = latency(8)
finally: os.killpg(busy.pid, 9)
print(f"{'/health p99, idle':36} {idle:8.2f} ms   of {count}")
print(f"{'/health p99, beside apt-get':36} {loaded:8.2f} ms   {loaded / idle:5.2f} of idle (bar 3)")
print(resident(agent))
if c > 5 or loaded > 3 * idle: sys.exit("upgradable.sh: over the bar")
EOF2
