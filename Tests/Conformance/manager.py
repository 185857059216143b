#!/usr/bin/env python3
"""Asks an agent all that a manager asks, in its bytes, and takes the answers as strictly as it does.

One line a check, then how many there were; exit status 1 where one failed. Without --apply nothing on the host is
changed. With it the patches that the agent offers are really applied and taken back, and the agent is told to update
itself. With --ask one request alone is sent, and what its job comes to is waited for.
"""

import argparse
import http.client
import json
import socket
import ssl
import sys
import time
import uuid

# Nothing is left behind in a checkout.
sys.dont_write_bytecode = True

import shapes
from shapes import Wrong
from wire import Agent, Stream, envelope

API = "/api/v1"
OVER = ("succeeded", "completed", "failed", "cancelled")


def must(condition, words):
    if not condition:
        raise Wrong(words)


class Checks:
    def __init__(self, agent, name):
        self.agent, self.name = agent, name
        self.count = self.failed = 0

    def check(self, title, body, *arguments, **named):
        """What it returns, or nil where it failed."""
        self.count += 1
        try:
            result = body(*arguments, **named)
            print(f"ok      {title}", flush=True)
            return result
        except (Wrong, OSError, http.client.HTTPException) as error:
            self.failed += 1
            self.agent.close()
            words = str(error) if isinstance(error, Wrong) else repr(error)
            print(f"FAILED  {title}: {words[:600]}", flush=True)
            return None

    # --- the wire

    def certificate(self):
        with self.agent.connect() as connection:
            must(connection.version() == "TLSv1.3", f"{connection.version()} was agreed on")
            must(connection.selected_alpn_protocol() in (None, "h2", "http/1.1"), "ALPN chose what was not offered")
            kinds = {kind for kind, _ in connection.getpeercert().get("subjectAltName", ())}
            must(kinds >= {"DNS", "IP Address"}, f"the certificate's names are {sorted(kinds)}")

    def by_name(self):
        with self.agent.connect(self.agent.context(["http/1.1"]), self.name) as connection:
            must(connection.selected_alpn_protocol() == "http/1.1", "http/1.1 was not chosen")

    def old_version(self):
        context = self.agent.context()
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
        try:
            self.agent.connect(context).close()
        except (ssl.SSLError, ConnectionError):
            return
        raise Wrong("a handshake of TLS 1.2 came to an end")

    def stranger(self):
        try:
            with self.agent.connect(self.agent.context(["http/1.1"], anonymous=True)) as connection:
                connection.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n")
                must(connection.recv(1) == b"", "whoever shows no certificate is answered")
        except (ssl.SSLError, ConnectionError):
            pass

    def probes(self):
        for _ in range(20):
            socket.create_connection((self.agent.address, self.agent.port), timeout=2).close()
        self.get("/health", shapes.health)

    def nonsense(self, data):
        with self.agent.connect(self.agent.context(["http/1.1"])) as connection:
            try:
                connection.sendall(data)
            except (BrokenPipeError, ConnectionResetError):
                pass
            response = http.client.HTTPResponse(connection)
            response.begin()
            answer = envelope(response.status, response.headers, response.read())
            must(400 <= answer.status < 500, f"HTTP {answer.status}")

    # --- questions

    def get(self, path, shape):
        answer = self.agent.ask("GET", API + path)
        must(answer.status == 200, f"HTTP {answer.status} {answer.error}")
        shape(answer.data, "data")
        return answer.data

    def refused(self, status, code, method, path, body=None, **sent):
        answer = self.agent.ask(method, path, body, **sent)
        must(answer.error is not None, f"it is taken: HTTP {answer.status} {answer.data}")
        must(answer.status == status, f"HTTP {answer.status} {answer.error}, not {status}")
        must(code is None or answer.error["code"] == code, f"{answer.error}, not {code}")

    def service(self):
        data = self.get("/system/services/systemd-journald", shapes.service)
        must(data["healthy"] and data["active_state"] == "active", f"{data}")

    def sums(self):
        data = self.get("/patches", shapes.patches)
        must(data["total"] == len(data["patches"]), "total is not how many there are")
        names = {entry["name"] for entry in data["patches"]}
        upgradable = self.get("/packages?status=upgradable", shapes.packages)
        must(names <= {entry["name"] for entry in upgradable["packages"]}, "a patch that no package could take")

    def silence(self):
        stream = Stream(self.agent, self.name)
        stream.wait(lambda frame: True)
        stream.close()

    # --- jobs

    def send(self, method, path, body=None):
        answer = self.agent.ask(method, API + path, body)
        must(answer.status == 202, f"HTTP {answer.status} {answer.error or answer.data}")
        shapes.receipt(answer.data, "data")
        return answer.data["job_id"]

    def end(self, job, seconds=300):
        """How the job ends; an agent that is away for a while is asked again, as the manager does."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                data = self.get(f"/jobs/{job}", shapes.job)
                must(data["job_id"] == job, f"asked for {job}, answered with {data['job_id']}")
                if data["status"] in OVER:
                    return data
            except (OSError, http.client.HTTPException):
                self.agent.close()
            must(time.monotonic() < deadline, f"job {job} is not over within {seconds} s")
            time.sleep(0.5)

    def completed(self, job):
        data = self.end(job)
        must(data["status"] in ("completed", "succeeded"), f"{data['status']}: {data.get('error')}")
        must(data.get("progress_percent") in (None, 100), f"over at {data.get('progress_percent')} %")
        must(data.get("started_at") and data.get("completed_at"), "it does not say when it began and ended")
        return data

    def same(self, job, method, path, body):
        must(self.send(method, path, body) == job, "the same request makes a second job")

    def offered(self, names, is_so):
        there = {entry["name"] for entry in self.get("/patches", shapes.patches)["patches"]}
        must(names <= there if is_so else not names & there, f"offered now: {sorted(there)}")

    def told(self, stream, job):
        stream.wait(lambda frame: frame["job_id"] == job and frame["status"] in OVER)
        words = [frame["status"] for frame in stream.frames if frame["job_id"] == job]
        must("running" in words, f"only {words} was told")
        # The manager takes each event on the socket for its own job.
        others = [frame for frame in stream.frames if frame["status"] in shapes.STATUSES and frame["job_id"] != job]
        must(not others, f"told of other jobs: {others}")

    def listed(self, *jobs):
        entries = self.get("/jobs", shapes.jobs)["jobs"]
        must(set(jobs) <= {entry["job_id"] for entry in entries}, "not all jobs are in the list")


def questions(checks):
    check, refused = checks.check, checks.refused
    check("TLS 1.3 by address without SNI; the certificate has a name and an address", checks.certificate)
    if checks.name:
        check("TLS 1.3 by name; http/1.1 alone is agreed on", checks.by_name)
    check("TLS 1.2 is refused", checks.old_version)
    check("without a certificate nothing is answered", checks.stranger)
    check("connections that say nothing and close are borne", checks.probes)
    check("health", checks.get, "/health", shapes.health)
    check("system/info", checks.get, "/system/info", shapes.system)
    check("packages", checks.get, "/packages", shapes.packages)
    check("packages?status=upgradable", checks.get, "/packages?status=upgradable", shapes.packages)
    check("patches", checks.get, "/patches", shapes.patches)
    check("patches are packages that can be upgraded", checks.sums)
    check("system/services/systemd-journald", checks.service)
    check("jobs", checks.get, "/jobs", shapes.jobs)
    check("a WebSocket that says nothing is sent frames", checks.silence)

    unknown = str(uuid.uuid4())
    apply = f"{API}/patches/apply"
    check("an unknown job is JOB_NOT_FOUND", refused, 404, "JOB_NOT_FOUND", "GET", f"{API}/jobs/{unknown}")
    check("a job that is no UUID", refused, 400, None, "GET", f"{API}/jobs/1")
    check("an unknown job is not taken back", refused, 400, None, "POST", f"{API}/jobs/{unknown}/rollback", {})
    check("an unknown job is not removed", refused, 404, "JOB_NOT_FOUND", "DELETE", f"{API}/jobs/{unknown}")
    check("an unknown service", refused, 404, None, "GET", f"{API}/system/services/no-such-service")
    check("an unknown package", refused, 404, None, "GET", f"{API}/packages/no-such-package")
    for path in ("/", f"{API}", f"{API}/nothing", "/api/v2/health", f"{API}/jobs/{unknown}/nothing"):
        check(f"no such resource: {path.replace(unknown, 'ID')}", refused, 404, None, "GET", path)
    check("a method that is not for it", refused, 405, None, "DELETE", f"{API}/health")
    check("GET where POST is meant", refused, 405, None, "GET", apply)
    check("a WebSocket's resource without an upgrade", refused, 426, None, "GET", f"{API}/ws/jobs")
    check("a body that is no JSON", refused, 400, None, "POST", apply, raw=b"{nonsense")
    check("a body that is not there", refused, 400, None, "POST", apply, raw=b"")
    check("a number for a list", refused, 400, None, "POST", apply,
          {"packages": 1, "allow_reboot": False, "reboot_delay_seconds": 0})
    check("a delay below nought", refused, 400, None, "POST", f"{API}/system/reboot",
          {"delay_seconds": -1, "force": False})
    check("a body of another type", refused, 415, None, "POST", apply, raw=b"a=b",
          headers={"Content-Type": "application/x-www-form-urlencoded"})
    check("a name that is none", refused, 400, None, "POST", apply,
          {"packages": ["-rf"], "allow_reboot": False, "reboot_delay_seconds": 0})
    check("PUT without a body is read as far as its name", refused, 400, "VALIDATION_ERROR", "PUT", f"{API}/packages/-rf")
    check("a body that is too large", refused, 413, None, "POST", apply, raw=b" " * (4 << 20))
    check("what is no HTTP", checks.nonsense, b"nonsense\r\n\r\n")
    check("a head that is too large", checks.nonsense,
          b"GET /api/v1/health HTTP/1.1\r\nHost: agent\r\nX-Much: " + b"x" * (1 << 20) + b"\r\n\r\n")
    check("health on a connection of its own afterwards", checks.get, "/health", shapes.health)


def changes(checks):
    """The manager's patch run, its retries and its rollback."""
    check = checks.check
    offer = check("patches to apply", checks.get, "/patches", shapes.patches)
    names = sorted(entry["name"] for entry in offer["patches"]) if offer else []
    if not check("there is at least one", lambda: must(names, "nothing to apply") or True):
        return
    request = ("POST", "/patches/apply", {"packages": names, "allow_reboot": False, "reboot_delay_seconds": 0})
    stream = check("a WebSocket before the job", Stream, checks.agent, checks.name)
    job = check("patches/apply is taken", checks.send, *request)
    if not job:
        return
    check("sent again at once: the same job", checks.same, job, *request)
    check("patches/apply is completed", checks.completed, job)
    if stream:
        check("the WebSocket told of that job, and of no other", checks.told, stream, job)
        stream.close()
    check("the patches are no longer offered", checks.offered, set(names), False)
    check("sent again afterwards: the same job", checks.same, job, *request)
    back = check("jobs/{id}/rollback is taken", checks.send, "POST", f"/jobs/{job}/rollback", {})
    if back:
        check("the rollback is completed", checks.completed, back)
        check("the patches are offered again", checks.offered, set(names), True)
        again = check("what was taken back can be applied again: another job", another, checks, job, request)
        if again:
            check("and it is completed", checks.completed, again)
            check("the patches are gone once more", checks.offered, set(names), False)
            last = check("it is taken back as well", checks.send, "POST", f"/jobs/{again}/rollback", {})
            if last:
                check("and that is completed", checks.completed, last)
        check("jobs has them", checks.listed, job, back)
    update = check("PUT packages/linux-patch-api without a body is taken", checks.send, "PUT", "/packages/linux-patch-api")
    if update:
        # Completed or failed: whether there is a newer agent is not for this to know.
        check("the update of the agent comes to an end", checks.end, update)


def another(checks, job, request):
    new = checks.send(*request)
    must(new != job, "the manager is told of a job that was taken back")
    return new


def ask(checks, words, wanted, member):
    """One request; what it is answered, the identifier of its job where it has one, and how that ended."""
    method, path, body = words[0], words[1], json.loads(words[2]) if len(words) > 2 else None
    answer = checks.agent.ask(method, API + path, body)
    if member and not answer.error:
        print(answer.data[member])
        return True
    if answer.error or "job_id" not in (answer.data or {}):
        print(json.dumps(answer.error or answer.data))
        return answer.error is None
    job = answer.data["job_id"]
    print(job, flush=True)
    if wanted is None:
        return True
    data = checks.end(job)
    print(data["status"], data.get("error") or "", flush=True)
    return data["status"] == wanted


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", default="127.0.0.1", help="the agent's address; it is dialled by that")
    parser.add_argument("--port", type=int, default=12443)
    parser.add_argument("--ca", required=True, help="the only CA that is trusted, PEM")
    parser.add_argument("--cert", required=True, help="the manager's certificate, PEM")
    parser.add_argument("--key", required=True, help="its key, PEM")
    parser.add_argument("--name", help="the agent's name, for what is dialled by name: the job stream")
    parser.add_argument("--apply", action="store_true", help="change the host")
    parser.add_argument("--ask", nargs="+", metavar=("METHOD", "PATH"),
                        help="send this alone: a method, a path below /api/v1 and a body")
    parser.add_argument("--end", metavar="STATUS", help="with --ask: wait for the job, which has to end so")
    parser.add_argument("--show", metavar="MEMBER", help="with --ask: print this member of the answer's data alone")
    options = parser.parse_args()
    checks = Checks(Agent(options.address, options.port, options.ca, options.cert, options.key), options.name)
    if options.ask:
        try:
            return 0 if ask(checks, options.ask, options.end, options.show) else 1
        except (Wrong, OSError, http.client.HTTPException) as error:
            print(error, file=sys.stderr)
            return 1
    questions(checks)
    if options.apply:
        changes(checks)
    if checks.agent.waited:
        print(f"        ({checks.agent.waited} times the agent said 429 and was waited for)")
    print(f"{checks.count} checks, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
