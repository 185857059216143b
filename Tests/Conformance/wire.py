"""How the manager reaches an agent: HTTP/1.1 over TLS 1.3 with its own certificate, and a WebSocket that only listens."""

import base64
import collections
import http.client
import json
import os
import socket
import ssl
import struct
import threading
import time

import shapes
from shapes import Wrong

# Seconds that the manager's client gives a whole call.
PATIENCE = 30

Answer = collections.namedtuple("Answer", "status headers data error")


class Agent:
    def __init__(self, address, port, ca, certificate, key):
        self.address, self.port = address, port
        self.ca, self.certificate, self.key = ca, certificate, key
        self.connection = None
        self.waited = 0

    def context(self, protocols=("h2", "http/1.1"), anonymous=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_verify_locations(self.ca)
        context.set_alpn_protocols(list(protocols))
        if not anonymous:
            context.load_cert_chain(self.certificate, self.key)
        return context

    def connect(self, context=None, name=None):
        """A handshake; for an address Python sends no SNI, as rustls does not."""
        plain = socket.create_connection((self.address, self.port), timeout=PATIENCE)
        try:
            return (context or self.context()).wrap_socket(plain, server_hostname=name or self.address)
        except BaseException:
            plain.close()
            raise

    def ask(self, method, path, body=None, headers=None, raw=None):
        """Sends what reqwest sends, on the connection that there is; waits where it is told to wait."""
        while True:
            answer = self.exchange(method, path, body, headers, raw)
            if answer.status != 429 or answer.error["code"] == "QUEUE_FULL":
                return answer
            pause = answer.headers.get("Retry-After", "")
            if not pause.isdigit() or not 0 < int(pause) <= 60:
                raise Wrong(f"429 without a Retry-After that can be waited for: {pause!r}")
            self.waited += 1
            time.sleep(int(pause))

    def exchange(self, method, path, body=None, headers=None, raw=None):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.address, self.port, timeout=PATIENCE)
            # HTTP/1.1 alone: this client has no h2.
            self.connection.sock = self.connect(self.context(["http/1.1"]))
        begun = time.monotonic()
        try:
            self.connection.putrequest(method, path, skip_accept_encoding=True)
            self.connection.putheader("Accept", "*/*")
            content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
            if body is not None or raw is not None:
                # Neither a length nor a type where there is no body.
                self.connection.putheader("Content-Length", str(len(content)))
            sent = {"Content-Type": "application/json"} if body is not None or raw is not None else {}
            for header, value in (sent | (headers or {})).items():
                if value is not None:
                    self.connection.putheader(header, value)
            self.connection.endheaders()
            try:
                self.connection.send(content)
            except (BrokenPipeError, ConnectionResetError):
                # It was refused before it was all sent: the answer says why.
                pass
            response = self.connection.getresponse()
            data = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if response.will_close:
            self.close()
        if time.monotonic() - begun > PATIENCE:
            raise Wrong(f"{method} {path} took longer than {PATIENCE} s")
        return envelope(response.status, response.headers, data)

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def envelope(status, headers, data):
    """Every answer is one, whatever its status."""
    value = shapes.document(data)
    shapes.envelope(value, "the envelope")
    identifier = headers.get("X-Request-Id")
    if identifier != value["request_id"]:
        raise Wrong(f"request_id {value['request_id']} is not X-Request-Id {identifier}")
    failed = not value["success"]
    if failed != (not 200 <= status < 300):
        raise Wrong(f"success is {value['success']} with HTTP {status}")
    error = value.get("error")
    if failed and error is None:
        raise Wrong(f"HTTP {status} without an error")
    if failed and value.get("data") is not None:
        raise Wrong(f"data beside an error: {value['data']!r}")
    if not failed and (error is not None or value.get("data") is None):
        raise Wrong("success without data, or with an error")
    return Answer(status, headers, value.get("data"), error)


class Stream:
    """The job stream: opened, and nothing is ever said on it."""

    def __init__(self, agent, name=None):
        self.frames, self.fault, self.arrived = [], None, threading.Condition()
        self.socket = agent.connect(agent.context(["http/1.1"]), name)
        if self.socket.selected_alpn_protocol() not in (None, "http/1.1"):
            raise Wrong(f"ALPN chose {self.socket.selected_alpn_protocol()}")
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /api/v1/ws/jobs HTTP/1.1\r\nHost: {name or agent.address}:{agent.port}\r\nConnection: Upgrade\r\n"
            f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode())
        self.file = self.socket.makefile("rb")
        line = self.file.readline(8192)
        if not line.startswith(b"HTTP/1.1 101 "):
            raise Wrong(f"no WebSocket: {line!r}")
        while self.file.readline(8192) not in (b"\r\n", b""):
            pass
        self.socket.settimeout(None)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        fault = None
        try:
            message = b""
            while True:
                final, code, payload = self.receive()
                if code == 8:
                    break
                if code == 9:
                    self.pong(payload)
                elif code in (0, 1, 2):
                    message += payload
                    if final:
                        self.take(message)
                        message = b""
        except (OSError, ValueError, struct.error, EOFError) as error:
            fault = f"the stream broke: {error!r}"
        except Wrong as error:
            fault = str(error)
        with self.arrived:
            self.fault = fault or self.fault
            self.arrived.notify_all()

    def take(self, message):
        value = shapes.document(message)
        shapes.frame(value, "a frame")
        with self.arrived:
            self.frames.append(value)
            self.arrived.notify_all()

    def receive(self):
        first, second = self.exactly(2)
        if second & 0x80 or first & 0x70:
            raise Wrong("a frame that is masked or has reserved bits")
        size = second & 0x7F
        if size > 125:
            size, = struct.unpack("!H" if size == 126 else "!Q", self.exactly(2 if size == 126 else 8))
        return bool(first & 0x80), first & 0x0F, self.exactly(size)

    def exactly(self, count):
        data = self.file.read(count)
        if len(data) < count:
            raise EOFError("the agent closed it")
        return data

    def pong(self, payload):
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self.socket.sendall(bytes([0x8A, 0x80 | len(payload)]) + mask + masked)

    def wait(self, wanted, seconds=PATIENCE):
        """The first frame that is wanted."""
        with self.arrived:
            self.arrived.wait_for(lambda: self.fault or any(map(wanted, self.frames)), seconds)
            found = next(filter(wanted, self.frames), None)
            if self.fault or found is None:
                raise Wrong(self.fault or f"no such frame within {seconds} s; there were {self.frames}")
            return found

    def close(self):
        # The thread that reads is let go by the shutdown.
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
