#!/bin/bash
# GET /api/v1/packages over mutual TLS, on a kept connection, against 'dpkg-query -W' on the same database, in turns: cold
# (the database was just replaced by one that differs) and from the cache. Against the bars of the issue "the agent's work": cold at most 1.2
# of dpkg-query's time, cached 5 ms. Prints medians in milliseconds and the ratios.
#
#   Tests/Benchmarks/packages.sh [RUNS]
#
# PACKAGES says how many there are: this host's records, repeated under other names. It is root's, since the agent gets
# the database as its own /var/lib/dpkg, in a mount namespace. Everything ends with this script, after ten minutes at the
# latest.
set -euo pipefail
runs=${1:-15} packages=${PACKAGES:-3000}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=dpkg-query
source "$here/Agent/stage.sh"
mkdir -p dpkg/updates dpkg/info
python3 - "$packages" > dpkg/status <<'EOF2'
import re, sys
records = [r for r in open("/var/lib/dpkg/status").read().split("\n\n") if " installed\n" in r]
for n in range(int(sys.argv[1])):
    turn, record = n // len(records), records[n % len(records)].strip("\n")
    print(re.sub(r"(?m)^Package: (.*)$", rf"Package: \1-{turn}" if turn else r"Package: \1", record, count=1) + "\n")
EOF2
ask_agent "$runs" <<'EOF2'
import json, os, statistics, subprocess, sys, time
from client import Client, load, resident
port, runs, agent = map(int, sys.argv[1:])
client = Client(port)

def ask(): return client.ask("/api/v1/packages")

def query():
    begin = time.perf_counter()
    told = subprocess.run(["/usr/bin/dpkg-query", "--admindir=dpkg", "-W"], stdout=subprocess.PIPE, check=True, close_fds=False)
    return (time.perf_counter() - begin) * 1000, told.stdout

cold, peer, cached = [], [], []
text = open("dpkg/status").read()
for run in range(runs):
    # Another version each time: nothing of the last answer can be used again.
    with open("dpkg/status-new", "w") as file: file.write(text.replace("\nVersion: ", f"\nVersion: {run + 1}:0.", 1))
    os.rename("dpkg/status-new", "dpkg/status")
    cold.append(ask()[0])
    peer.append(query()[0])
told, known = json.loads(ask()[1])["data"], query()[1].decode().splitlines()
agreed = sorted((p["name"], p["version"]) for p in told["packages"]) == sorted(
    (n.split(":")[0], v) for n, v in (l.split("\t") for l in known))
if not agreed or told["total"] != len(known): sys.exit("packages.sh: error: the agent and dpkg-query disagree")
time.sleep(1.2)
size = len(ask()[1])
for _ in range(runs): cached.append(ask()[0])
c, d, h = map(statistics.median, (cold, peer, cached))
print(f"{len(known)} packages, {os.path.getsize('dpkg/status')} bytes of status, {size} of answer, {runs} runs each; load {load()}")
print(f"{'dpkg-query -W':36} {d:8.1f} ms")
print(f"{'GET /packages, cold':36} {c:8.1f} ms   {c / d:5.2f} of dpkg-query (bar 1.2)")
print(f"{'GET /packages, cached':36} {h:8.1f} ms   {h / d:5.2f} of dpkg-query (bar 5 ms)")
print(resident(agent))
if c > 1.2 * d or h > 5: sys.exit("packages.sh: over the bar")
EOF2
