"""What `soak.sh enroll` does: the running service renews again and again. Arguments, figures and bars as life.py's."""
import ssl

import life


def step(agent, number):
    """A certificate that is nearly over is copied in; the service enrolls by itself, and serves what it was given."""
    before = agent.certificate()
    pair = f"pairs/{(number + 1) % 10}"
    life.put(pair + ".key", "server.key", True)
    life.put(pair + ".pem", "server.pem", True)
    with open(pair + ".pem") as text:
        given = ssl.PEM_cert_to_DER_cert(text.read())
    agent.hup()
    agent.wait(lambda: agent.certificate() not in (None, given, before), "a renewal")


life.main(step)
