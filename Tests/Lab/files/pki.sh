#!/bin/sh
# Makes the certificates that scenarios install, with stock openssl: pki.sh DIRECTORY
# One directory per variant below it, each with what belongs in /etc/linux_patch_api/certs.
set -eu
umask 077
mkdir -p "$1" && cd "$1"

when() { date -u -d "$1" +%Y%m%d%H%M%SZ; }
key() { # FILE [ALGORITHM]
    case ${2:-ec} in
    ec) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" ;;
    rsa) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1" ;;
    ed25519) openssl genpkey -algorithm ED25519 -out "$1" ;;
    esac 2>/dev/null
}

cat >openssl.cnf <<'CNF'
[ca]
default_ca = here
[here]
database = $ENV::AUTHORITY/index.txt
serial = $ENV::AUTHORITY/serial
crlnumber = $ENV::AUTHORITY/crlnumber
certificate = $ENV::AUTHORITY/ca.pem
private_key = $ENV::AUTHORITY/ca.key
new_certs_dir = $ENV::AUTHORITY
default_md = default
policy = any
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:lab,DNS:localhost,IP:127.0.0.1
[client]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectAltName = DNS:lab,IP:127.0.0.1
[elsewhere]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:elsewhere.example
CNF

authority() { # DIRECTORY COMMON-NAME [FROM] [TO]
    mkdir "$1" && key "$1/ca.key" && : >"$1/index.txt" && echo 1000 >"$1/serial" && echo 01 >"$1/crlnumber"
    AUTHORITY=$1 openssl req -new -config openssl.cnf -key "$1/ca.key" -subj "/CN=$2" -out "$1/ca.csr" 2>/dev/null ||
        AUTHORITY=$1 openssl req -new -key "$1/ca.key" -subj "/CN=$2" -out "$1/ca.csr"
    AUTHORITY=$1 openssl ca -config openssl.cnf -batch -notext -selfsign -in "$1/ca.csr" -out "$1/ca.pem" \
        -extensions authority -startdate "$(when "${3:--30 days}")" -enddate "$(when "${4:-+3650 days}")" 2>"$1/log" ||
        { cat "$1/log" >&2; exit 1; }
}

issue() { # VARIANT [extensions=] [from=] [to=] [by=] [algorithm=] in any order
    variant=$1 extensions=server from='-1 day' to='+365 days' by=authority algorithm=ec
    shift
    for setting; do
        case $setting in
        extensions=* | by=* | algorithm=*) eval "${setting%%=*}=${setting#*=}" ;;
        from=*) from=${setting#*=} ;;
        to=*) to=${setting#*=} ;;
        esac
    done
    mkdir "$variant" && key "$variant/server.key" "$algorithm" && cp "authority/ca.pem" "$variant/ca.pem"
    openssl req -new -key "$variant/server.key" -subj "/CN=lab" -out request.csr
    AUTHORITY=$by openssl ca -config openssl.cnf -batch -notext -in request.csr -out "$variant/server.pem" \
        -extensions "$extensions" -startdate "$(when "$from")" -enddate "$(when "$to")" 2>log || { cat log >&2; exit 1; }
}

crl() { # FILE [BY] [FROM] [TO]
    AUTHORITY=${2:-authority} openssl ca -config openssl.cnf -gencrl -out "$1" \
        -crl_lastupdate "$(when "${3:--1 day}")" -crl_nextupdate "$(when "${4:-+30 days}")" 2>log || { cat log >&2; exit 1; }
}

authority authority "Lab CA"
authority impostor "Lab CA" # the same name, another key: an issuer check by name alone falls for it
authority lapsed "Lapsed CA" "-90 days" "-2 days"
authority other "Other CA"
mkdir crl && crl crl/current.pem && crl crl/expired.pem authority "-60 days" "-30 days" && crl crl/impostor.pem impostor

issue good && issue renewed && issue rsa algorithm=rsa && issue ed25519 algorithm=ed25519
issue expired from="-400 days" to="-35 days"
issue not-yet-valid from="+2 days"
issue expiring-soon from="-360 days" to="+3 days"
issue untrusted by=impostor
issue wrong-purpose extensions=client
issue wrong-name extensions=elsewhere
issue moved by=other && cp other/ca.pem moved/ca.pem
issue ca-expired by=lapsed && cp lapsed/ca.pem ca-expired/ca.pem
issue revoked
AUTHORITY=authority openssl ca -config openssl.cnf -revoke revoked/server.pem 2>/dev/null
crl revoked/crl.pem

cp -r good mismatched && cp renewed/server.key mismatched/server.key
cp -r good encrypted && openssl pkcs8 -topk8 -passout pass:lab -in good/server.key -out encrypted/server.key
cp -r good unparsable && printf -- '-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n' >unparsable/server.pem
cp -r good empty && : >empty/server.pem
rm -f request.csr log
chmod 755 . && chmod 755 ./*/
