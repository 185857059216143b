#!/bin/bash
# A long life of the agent in minutes: certificates, revocation list and whitelist are replaced in turn, some noticed by
# the agent itself and some by SIGHUP, each waited for by its effect, while clients ask without a pause over a kept
# connection and over new ones. Says what was answered and dropped, and what memory, descriptors and threads became.
#
#   Tests/Benchmarks/soak.sh [ITERATIONS]
#   Tests/Benchmarks/soak.sh enroll [ENROLLMENTS]
#
# The second form has the running service enroll again and again at patch-manager-dev (MANAGER names the program), each
# time because its certificate is revoked. AGENT names the agent. Exit status: 0 all bars kept, 1 one missed.
# Everything is on loopback, in a mount namespace of the agent's own, and ends with this script.
set -euo pipefail
kind=life
if [[ ${1:-} == enroll ]]; then kind=enroll; shift; fi
count=${1:-$([[ $kind == life ]] && echo 1000 || echo 50)}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export AGENT=${AGENT:-$here/../../.build/release/linux-patch-api}
for tool in openssl python3 unshare; do
    command -v "$tool" >/dev/null || { echo "soak.sh: skipped: '$tool' is missing" >&2; exit 0; }
done
[[ -x $AGENT ]] || { echo "soak.sh: error: there is no agent at '$AGENT'; build it, or say where in AGENT" >&2; exit 1; }

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
issue() { # name, purpose
    openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
    printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%sAuth\nsubjectAltName=IP:127.0.0.1\n' "$2" > ext
    openssl req -new -key "$1.key" -subj "/CN=soak ${1##*/}" |
        openssl x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -days 365 -extfile ext -out "$1.pem"
}
pki() {
    openssl ecparam -name prime256v1 -genkey -noout -out ca.key
    openssl req -x509 -new -key ca.key -subj '/CN=Soak CA' -days 400 -out ca.pem \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    mkdir pairs lists
    for number in {0..39}; do issue "pairs/$number" server; done
    issue client client
    issue visitor client
    # Lists in turn revoke the visitor and do not, so that each change can be seen from outside.
    printf '[ca]\ndefault_ca=soak\n[soak]\ndatabase=index\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=30\n' > ca.conf
    echo 1000 > number
    for number in {0..9}; do
        : > index
        if ((number % 2)); then openssl ca -config ca.conf -cert ca.pem -keyfile ca.key -revoke visitor.pem; fi
        openssl ca -config ca.conf -cert ca.pem -keyfile ca.key -gencrl -out "lists/$number.pem"
    done
    cp pairs/0.pem server.pem && cp pairs/0.key server.key && cp lists/0.pem crl.pem
    chmod 600 server.key pairs/*.key
}
pki >openssl.log 2>&1 || { cat openssl.log >&2; exit 1; }
# Five seconds for each iteration is more than a slow machine needs; a hang ends here.
timeout --kill-after=30 $((count * 5 + 120)) python3 "$here/Agent/$kind.py" "$here/Agent/serve.sh" "$directory" "$count"
