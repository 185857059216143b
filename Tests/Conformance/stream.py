#!/usr/bin/env python3
"""Has a package installed and removed again and again while the agent is killed under it, and then settles the account.

Every job that was accepted has to be known and completed, and the package's own log has to hold one line for each job
that installed it: none lost, none done twice.
"""

import argparse
import http.client
import os
import sys
import time

# Nothing is left behind in a checkout.
sys.dont_write_bytecode = True

from shapes import Wrong, job as shape
from wire import Agent

API = "/api/v1"


def steadily(deadline, body):
    """Asks until it is answered: the agent is away every now and then."""
    while True:
        try:
            return body()
        except (OSError, http.client.HTTPException):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


class Account:
    def __init__(self, agent, deadline):
        self.agent, self.deadline = agent, deadline
        self.accepted = []

    def ask(self, method, path, body=None):
        def once():
            try:
                return self.agent.ask(method, API + path, body)
            except BaseException:
                self.agent.close()
                raise

        return steadily(self.deadline, once)

    def order(self, method, path, body=None):
        """Sent once more where the answer was lost, as a manager does."""
        answer = self.ask(method, path, body)
        if answer.status != 202:
            raise Wrong(f"{method} {path}: HTTP {answer.status} {answer.error}")
        identifier = answer.data["job_id"]
        self.accepted.append(identifier)
        while True:
            data = self.look(identifier)
            if data["status"] not in ("pending", "running"):
                return
            if time.monotonic() > self.deadline:
                raise Wrong(f"job {identifier} is {data['status']} still")
            time.sleep(0.1)

    def look(self, identifier):
        answer = self.ask("GET", f"/jobs/{identifier}")
        if answer.status != 200:
            raise Wrong(f"job {identifier} was accepted, and now: HTTP {answer.status} {answer.error}")
        shape(answer.data, "data")
        return answer.data

    def settle(self, log):
        known = [entry["job_id"] for entry in self.ask("GET", "/jobs?limit=1000").data["jobs"]]
        lost = set(self.accepted) - set(known)
        if lost:
            raise Wrong(f"accepted, and not in the list: {sorted(lost)}")
        installed = 0
        for identifier in known:
            data = self.look(identifier)
            if data["status"] != "completed":
                raise Wrong(f"job {identifier} is {data['status']}: {data.get('error')}")
            installed += any(change["from"] is None and change["to"] for change in data["changes"])
        with open(log, encoding="ascii") as lines:
            runs = sum(1 for _ in lines)
        if runs != installed:
            raise Wrong(f"{installed} jobs installed it, and its postinst ran {runs} times")
        print(f"{len(known)} jobs, {installed} installations, none lost, none twice")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=12443)
    for name in ("ca", "cert", "key"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--package", required=True)
    parser.add_argument("--log", required=True, help="what its postinst writes a line to")
    parser.add_argument("--until", required=True, metavar="FILE", help="stop ordering when it is there")
    options = parser.parse_args()
    agent = Agent(options.address, options.port, options.ca, options.cert, options.key)
    account = Account(agent, time.monotonic() + 280)
    try:
        while not os.path.exists(options.until):
            account.order("POST", "/packages", {"packages": [{"name": options.package}]})
            account.order("DELETE", f"/packages/{options.package}")
        account.settle(options.log)
    except (Wrong, OSError, http.client.HTTPException) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
