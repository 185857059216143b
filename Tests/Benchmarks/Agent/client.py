"""One kept connection to the agent over mutual TLS, for benches: what an answer took, and what it was."""
import http.client, ssl, time


class Client:
    def __init__(self, port):
        tls = ssl.create_default_context(cafile="ca.pem")
        tls.load_cert_chain("client.pem", "client.key")
        limit = time.monotonic() + 10
        while True:
            try:
                self.line = http.client.HTTPSConnection("127.0.0.1", port, context=tls)
                self.line.connect()
                return
            except OSError:
                if time.monotonic() > limit: raise
                time.sleep(0.05)

    def ask(self, path):
        """Milliseconds, and the body."""
        begin = time.perf_counter()
        self.line.request("GET", path)
        body = self.line.getresponse().read()
        return (time.perf_counter() - begin) * 1000, body


def load(): return " ".join(open("/proc/loadavg").read().split()[:3])


def resident(pid):
    line = next(line for line in open(f"/proc/{pid}/status") if line.startswith("VmRSS"))
    return line.strip().replace("\t", " ") + " of the agent afterwards"
