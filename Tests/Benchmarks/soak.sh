#!/bin/bash
# A long life of the agent in minutes: certificates, revocation list and whitelist are replaced in turn, some noticed by
# the agent itself and some by SIGHUP, each waited for by its effect, while clients ask without a pause over a kept
# connection and over new ones. Says what was answered and dropped, and what memory, descriptors and threads became.
#
#   Tests/Benchmarks/soak.sh [ITERATIONS]
#   Tests/Benchmarks/soak.sh enroll [ENROLLMENTS]
#
# The second form has the running service enroll again and again at patch-manager-dev (MANAGER names the program), each
# time because a certificate that is nearly over was copied in. AGENT names the agent. Exit status: 0 all bars kept, 1 one missed.
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

manager=${MANAGER:-$here/../../.build/release/patch-manager-dev}
[[ $kind == life || -x $manager ]] || { echo "soak.sh: error: there is no manager at '$manager'; say where in MANAGER" >&2; exit 1; }

directory=$(mktemp -d)
started=()
finish() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$directory"
}
trap finish EXIT
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
# Certificates of the manager's own CA that have a day left of four hundred: each is due to be renewed at once.
nearly_over() {
    cp manager/{ca.pem,ca.key,client.pem,client.key} . && mkdir pairs
    printf '[ca]\ndefault_ca=soak\n[soak]\ndatabase=index\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\nunique_subject=no\npolicy=any\n[any]\ncommonName=supplied\n' > ca.conf
    printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=IP:127.0.0.1\n' > ext
    : > index
    for number in {0..9}; do
        openssl ecparam -name prime256v1 -genkey -noout -out "pairs/$number.key"
        openssl req -new -key "pairs/$number.key" -subj "/CN=soak $number" -out request
        openssl ca -batch -notext -config ca.conf -cert ca.pem -keyfile ca.key -in request -extfile ext \
            -startdate "$(date --utc --date='399 days ago' +%Y%m%d%H%M%SZ)" \
            -enddate "$(date --utc --date='1 day' +%Y%m%d%H%M%SZ)" -out "pairs/$number.pem"
    done
    cp pairs/0.pem server.pem && cp pairs/0.key server.key
}
prepare=pki
if [[ $kind == enroll ]]; then
    prepare=nearly_over
    mkdir -m 700 manager
    "$manager" serve --listen 127.0.0.1:0 --approve-all --replace --bucket 100000,1 --state "$directory/manager" \
        >manager.out 2>manager.log & started+=($!)
    for _ in {1..100}; do if grep -qs manager_ca manager.out; then break; fi; sleep 0.1; done
    cat > enrollment.yaml <<END
enrollment: {manager_url: "$(sed -n 's/^listening on //p' manager.out)", manager_ca: $directory/manager/ca.pem, report_ip: 127.0.0.1}
END
    export LINUX_PATCH_API_PACE=50000
fi
$prepare >openssl.log 2>&1 || { cat openssl.log >&2; exit 1; }
# Five seconds for each iteration is more than a slow machine needs; a hang ends here.
timeout --kill-after=30 $((count * 5 + 120)) python3 -B "$here/Agent/$kind.py" "$here/Agent/serve.sh" "$directory" "$count"
