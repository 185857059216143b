"""What soak.sh does to a running agent: life.py SERVE DIRECTORY ITERATIONS. Exits 1 if a bar is missed."""
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

REQUEST = b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
PATIENCE = 30
GROWTH_BAR = 1024  # KB of anonymous memory between the second mark and the end


def context(name):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.load_verify_locations("ca.pem")
    made.load_cert_chain(name + ".pem", name + ".key")
    return made


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Connection:
    """One connection to the agent; any failure is an OSError."""

    def __init__(self, port, trust, source=None):
        plain = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE, source_address=source)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.tls = trust.wrap_socket(plain, server_hostname="127.0.0.1")
        except BaseException:
            plain.close()
            raise

    def ask(self):
        self.tls.sendall(REQUEST)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.more()
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise OSError(f"answered {head[:40]!r}")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        while len(body) < int(fields[b"content-length"]):
            body += self.more()

    def more(self):
        part = self.tls.recv(65536)
        if not part:
            raise OSError("closed before the answer was whole")
        return part

    def close(self):
        self.tls.close()


class Clients:
    """Asks without a pause until paused: one thread over a kept connection, one over new ones."""

    def __init__(self, port):
        self.port, self.trust = port, context("client")
        self.answered, self.dropped, self.faults = [0, 0], [0, 0], []
        self.going, self.over, self.idle = threading.Event(), False, [threading.Event(), threading.Event()]
        self.threads = [threading.Thread(target=self.live, args=(which,), daemon=True) for which in (0, 1)]
        for thread in self.threads:
            thread.start()

    def live(self, which):
        kept = None
        while not self.over:
            if not self.going.is_set():
                # Its kept connection stays over a pause: that it survives the marks is part of the test.
                self.idle[which].set()
                self.going.wait(1)
                continue
            try:
                one = kept or Connection(self.port, self.trust)
                try:
                    one.ask()
                    self.answered[which] += 1
                    kept = one if which == 0 else None
                finally:
                    if which == 1:
                        one.close()
            except OSError as fault:
                kept = None
                self.dropped[which] += 1
                if len(self.faults) < 10:
                    self.faults.append(("kept", "new")[which] + f" connection: {fault!r}")

    def pause(self):
        for event in self.idle:
            event.clear()
        self.going.clear()
        for event in self.idle:
            if not event.wait(PATIENCE):
                raise SystemExit("soak.sh: error: a client hangs")


class Agent:
    def __init__(self, serve, directory, port):
        self.process = subprocess.Popen([serve, str(port), directory], stderr=open("agent.log", "wb"))
        self.pid, self.port, self.log = self.process.pid, port, open("agent.log", errors="replace")
        self.reloads = 0
        self.client, self.visitor = context("client"), os.path.exists("visitor.pem") and context("visitor")

    def hup(self):
        os.kill(self.pid, signal.SIGHUP)
        def told():
            self.reloads += self.log.read().count("reloaded\n")
            return self.reloads > before
        before = self.reloads
        self.wait(told, "a reload")

    def wait(self, effect, what):
        end = time.monotonic() + PATIENCE
        while not effect():
            if self.process.poll() is not None:
                raise SystemExit(f"soak.sh: error: the agent ended with {self.process.returncode}")
            if time.monotonic() > end:
                raise SystemExit(f"soak.sh: error: {what} had no effect in {PATIENCE} s")
            time.sleep(0.01)

    def certificate(self):
        try:
            one = Connection(self.port, self.client)
        except OSError:
            return None
        certificate = one.tls.getpeercert(binary_form=True)
        one.close()
        return certificate

    def lets_in(self, trust, source=None):
        try:
            one = Connection(self.port, trust, source)
            try:
                one.ask()
                return True
            finally:
                one.close()
        except OSError:
            return False

    def figures(self):
        with open(f"/proc/{self.pid}/smaps_rollup") as rollup:
            found = {words[0]: int(words[1]) for words in map(str.split, rollup) if words[0] in ("Rss:", "Anonymous:")}
        return {
            "Rss": found["Rss:"], "Anonymous": found["Anonymous:"],
            "descriptors": len(os.listdir(f"/proc/{self.pid}/fd")),
            "threads": len(os.listdir(f"/proc/{self.pid}/task")),
            "generations": len(os.listdir(f"/proc/{self.pid}/root/var/lib/linux_patch_api/generations")),
        }


def put(source, target, by_rename):
    """As an admin's cp does it, or as a careful program."""
    if by_rename:
        shutil.copy(source, target + ".new")
        os.rename(target + ".new", target)
    else:
        shutil.copyfile(source, target)


def step(agent, number):
    """One replacement, and the wait for its effect."""
    turn, kind = divmod(number, 3)
    # Every fourth is left for the agent to notice.
    tell = (lambda: None) if turn % 4 == 0 else agent.hup
    if kind == 0:
        pair = f"pairs/{(turn + 1) % 40}"
        put(pair + ".key", "server.key", turn % 2)
        put(pair + ".pem", "server.pem", turn % 2)
        with open(pair + ".pem") as text:
            wanted = ssl.PEM_cert_to_DER_cert(text.read())
        tell()
        agent.wait(lambda: agent.certificate() == wanted, "a new certificate")
    elif kind == 1:
        which = (turn + 1) % 10
        put(f"lists/{which}.pem", "crl.pem", turn % 2)
        tell()
        agent.wait(lambda: agent.lets_in(agent.visitor) == (which % 2 == 0), "a new revocation list")
    else:
        also = turn % 2 == 0
        with open("agent/whitelist.yaml.new", "w") as text:
            text.write("entries: [127.0.0.1" + (", 127.0.0.2" if also else "") + "]\n")
        os.rename("agent/whitelist.yaml.new", "agent/whitelist.yaml")
        tell()
        agent.wait(lambda: agent.lets_in(agent.client, ("127.0.0.2", 0)) == also, "a new whitelist")


def mark(agent, clients, number, marks):
    clients.pause()
    # Memory is given back two seconds after the last change.
    time.sleep(3)
    found = marks[number] = agent.figures()
    print(f"after {number:5}: " + "  ".join(f"{name} {value}" for name, value in found.items()), flush=True)
    clients.going.set()


def main(step):
    serve, directory, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    agent = Agent(serve, directory, free_port())
    try:
        agent.wait(lambda: agent.certificate() is not None, "the start")
        clients = Clients(agent.port)
        clients.going.set()
        agent.wait(lambda: min(clients.answered) > 20, "asking")
        marks, begin = {}, time.monotonic()
        first = min(100, count // 2)
        mark(agent, clients, 0, marks)
        for number in range(count):
            step(agent, number)
            if number + 1 in (first, count // 2, count):
                mark(agent, clients, number + 1, marks)
        clients.pause()
        clients.over = True
        took = time.monotonic() - begin
    except SystemExit:
        with open("agent.log", errors="replace") as log:
            sys.stderr.write("".join(log.readlines()[-30:]))
        raise
    finally:
        agent.process.terminate()
        try:
            agent.process.wait(30)
        except subprocess.TimeoutExpired:
            agent.process.kill()
    ok = report(count, took, clients, marks[first], marks[0], marks[count], agent.process.returncode)
    raise SystemExit(0 if ok else 1)


def report(count, took, clients, early, start, last, status):
    print(f"{count} iterations in {took:.0f} s; answered {clients.answered[0]} over one kept connection, "
          f"{clients.answered[1]} over new ones")
    for fault in clients.faults:
        print("  " + fault)
    left = last["generations"]
    grown = last["Anonymous"] - early["Anonymous"]
    bars = [
        ("requests dropped, must be 0", sum(clients.dropped), sum(clients.dropped) == 0),
        (f"KB of Anonymous grown, below {GROWTH_BAR}", grown, grown < GROWTH_BAR),
        ("descriptors grown, must be 0", last["descriptors"] - start["descriptors"],
         last["descriptors"] <= start["descriptors"]),
        ("threads grown, at most 1", last["threads"] - start["threads"], last["threads"] <= start["threads"] + 1),
        ("generations kept on the disk, at most 3", left, left <= 3),
        ("exit status when told to end, must be 0", status, status == 0),
    ]
    for words, value, kept in bars:
        print(f"{words:52} {value:6}: {'ok' if kept else 'MISSED'}")
    return all(kept for _, _, kept in bars)


if __name__ == "__main__":
    main(step)
