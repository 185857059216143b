// OpenSSL 3: certificates, keys, revocation lists, CMS, digests and one TLS client. Shims stand here for macros.
#pragma once
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include "Certificates.h"
#include "Issuing.h"
#include "RegularFile.h"
