"""Floods of the agent; see flood.sh. Arguments: port, seconds of each flood, the agent's pid."""
import base64, multiprocessing, os, socket, ssl, sys, time
from client import Client

port, seconds, pid = map(int, sys.argv[1:])
LIMIT = 128 << 10


def memory(name):
    return next(int(line.split()[1]) for line in open(f"/proc/{pid}/status") if line.startswith(name))


def bystander(pipe):
    """Asks every 20 ms, until it is told to count anew or to end."""
    client, times, failed = Client(port), [], 0
    while True:
        if pipe.poll(0.02):
            word = pipe.recv()
            pipe.send((times, failed))
            times, failed = [], 0
            if word == "end": return
        try:
            took, body = client.ask("/api/v1/health")
            if b'"success":true' not in body: failed += 1
            times.append(took)
        except OSError:
            failed += 1
            client = Client(port)


# Who floods comes from addresses of his own: what one peer may have is the first of the limits.
sources = [f"127.0.1.{n}" for n in range(1, 33)]
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
tls.load_verify_locations("ca.pem")
tls.load_cert_chain("client.pem", "client.key")


def plain(n):
    return socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(sources[n % 32], 0))


def secure(n):
    return tls.wrap_socket(plain(n), server_hostname="127.0.0.1")


def until_over(act):
    """Does `act` with 0, 1, 2 … for as long as the flood lasts, and counts what became of it by its words."""
    counts, number, end = {}, 0, time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            word = act(number)
        except (OSError, ssl.SSLError) as error:
            word = type(error).__name__
        counts[word] = counts.get(word, 0) + 1
        number += 1
    return ", ".join(f"{count} {word}" for word, count in sorted(counts.items(), key=lambda pair: -pair[1]))


def half_open():
    held = []

    def act(n):
        # As many as fit; who was let go of makes room for the next one.
        if len(held) >= 2000: held.pop(0).close()
        held.append(plain(n))
        time.sleep(0.002)
        return "connected and said nothing"

    return until_over(act)


def slow_heads():
    held = []

    def act(n):
        if len(held) < 500:
            held.append(secure(n))
            held[-1].setblocking(False)
            return "shaken hands"
        one = held[n % len(held)]
        try:
            one.send(b"G" if n % 7 else b"x")
        except ssl.SSLWantWriteError:
            pass
        except OSError:
            held.remove(one)
            return "cut off while it dawdled"
        time.sleep(0.002)
        return "bytes sent one at a time"

    return until_over(act)


def long_heads():
    def act(n):
        one = secure(n)
        one.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X-%d: a\r\n" % k for k in range(10000)))
        answer = one.recv(64)
        one.close()
        return answer.split(b"\r\n")[0].decode() or "end"

    return until_over(act)


def gibibytes(chunked):
    piece = b"x" * 65536
    sent = [0]

    def act(n):
        one = secure(n)
        length = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: 1073741824"
        one.sendall(b"POST /api/v1/packages HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + length + b"\r\n\r\n")
        answer, gone = b"", 0
        one.settimeout(0.2)
        try:
            while gone < 1 << 30:
                one.sendall(b"10000\r\n" + piece + b"\r\n" if chunked else piece)
                gone += len(piece)
        except OSError:
            pass
        sent[0] = max(sent[0], gone)
        try:
            one.settimeout(2)
            answer = one.recv(64)
        except OSError:
            pass
        one.close()
        return answer.split(b"\r\n")[0].decode() or "end without an answer that came through"

    return until_over(act) + f"; the most that one could send: {sent[0] >> 10} KiB"


def open_stream(n):
    one = secure(n)
    key = base64.b64encode(os.urandom(16))
    one.sendall(
        b"GET /api/v1/ws/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + b"\r\n\r\n")
    return one, one.recv(4096).split(b"\r\n")[0].decode()


def frame(first, content):
    """Masked with nothing, as a client's has to be."""
    size = len(content)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 65536:
        length = b"\xfe" + size.to_bytes(2, "big")
    else:
        length = b"\xff" + size.to_bytes(8, "big")
    return bytes([first]) + length + bytes(4) + content


def streams():
    """Pings without end, fragments without end, messages of a mebibyte; nobody reads before he is stopped."""
    kinds = [
        ("pings", frame(0x89, b"p" * 100)), ("fragments", frame(0x00, b"f")), ("mebibytes", frame(0x81, b"m" * (1 << 20))),
    ]
    held = []

    def ending(one):
        # The last frame of the server says why; where the kernel had more for it by then, that frame is lost.
        said = b""
        try:
            while part := one.recv(65536): said += part
        except OSError:
            pass
        at = said.rfind(b"\x88\x02")
        if at >= 0: return f"ended with {int.from_bytes(said[at + 2:at + 4], 'big')}"
        return "cut off"

    def act(n):
        if len(held) < 48:
            name, content = kinds[n % 3]
            one, line = open_stream(n)
            if " 101 " not in line: return line
            if name == "fragments": one.sendall(frame(0x01, b"{"))
            one.setblocking(False)
            held.append((name, content, one))
            return f"{name} begun"
        name, content, one = held.pop(0)
        try:
            for _ in range(5): one.send(content)
        except ssl.SSLWantWriteError:
            # It is not read from any more.
            held.append((name, content, one))
            return "times nothing taken"
        except OSError:
            return f"{name} {ending(one)}"
        held.append((name, content, one))
        return "times five frames taken"

    return until_over(act)


floods = [
    ("half-open connections", half_open), ("heads a byte at a time", slow_heads), ("10,000 header fields", long_heads),
    ("bodies of 1 GiB", lambda: gibibytes(False)), ("chunked bodies of 1 GiB", lambda: gibibytes(True)),
    ("WebSocket floods", streams),
]
pipe, other = multiprocessing.Pipe()
process = multiprocessing.Process(target=bystander, args=(other,), daemon=True)
process.start()


def percentile(times, part): return sorted(times)[min(len(times) - 1, int(len(times) * part))]


def round_of(name, act):
    pipe.send("anew")
    pipe.recv()
    open(f"/proc/{pid}/clear_refs", "w").write("5")
    words = act()
    peak = memory("VmHWM")
    pipe.send("anew")
    times, failed = pipe.recv()
    if not times: sys.exit(f"flood.sh: error: nobody was answered during {name}")
    print(f"{name:24} p50 {percentile(times, 0.5):7.1f} ms, p99 {percentile(times, 0.99):7.1f} ms, {len(times):4} answered, "
          f"{failed} not; at most {peak / 1024:6.1f} MiB", flush=True)
    if words: print(f"    {words}", flush=True)
    return failed, peak


def nothing():
    time.sleep(seconds)
    return ""


time.sleep(1)
results = [round_of("(no flood)", nothing)] + [round_of(name, act) for name, act in floods]
time.sleep(1)
results.append(round_of("(no flood, afterwards)", nothing))
pipe.send("end")
process.join(5)
print(f"resident in the end {memory('VmRSS') / 1024:.1f} MiB; load {' '.join(open('/proc/loadavg').read().split()[:3])}")
if any(failed for failed, _ in results): sys.exit("flood.sh: error: a well-behaved client was not answered")
if any(peak > LIMIT for _, peak in results): sys.exit("flood.sh: error: over 128 MiB")
