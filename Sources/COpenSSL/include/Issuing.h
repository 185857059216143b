// Making keys, requests, certificates and revocation lists, where OpenSSL offers it as macros and stacks only.
#pragma once
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// A macro over casts.
static inline EVP_PKEY *co_new_key(void) { return EVP_EC_gen("P-256"); }

// Subject alternative names from bytes, never through OpenSSL's little configuration language: a comma in a name would
// be a second name there.
static inline GENERAL_NAMES *co_names_new(void) { return sk_GENERAL_NAME_new_null(); }
static inline int co_names_add(GENERAL_NAMES *names, int type, const unsigned char *bytes, int count) {
    ASN1_STRING *value = type == GEN_IPADD ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new();
    GENERAL_NAME *name = GENERAL_NAME_new();
    if (!value || !name || !ASN1_STRING_set(value, bytes, count)) {
        ASN1_STRING_free(value);
        GENERAL_NAME_free(name);
        return 0;
    }
    GENERAL_NAME_set0_value(name, type, value);
    if (sk_GENERAL_NAME_push(names, name) > 0) return 1;
    GENERAL_NAME_free(name);
    return 0;
}
static inline X509_EXTENSION *co_names_extension(GENERAL_NAMES *names) {
    return X509V3_EXT_i2d(NID_subject_alt_name, 0, names);
}

// Any other extension in that language; callers pass constants. Who issues and for what may be NULL.
static inline X509_EXTENSION *co_extension(int kind, const char *words, X509 *issuer, X509 *subject, X509_CRL *list) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, subject, NULL, list, 0);
    return X509V3_EXT_nconf_nid(NULL, &context, kind, words);
}

static inline X509_EXTENSIONS *co_extensions_new(void) { return sk_X509_EXTENSION_new_null(); }
// Takes the extension over, whatever comes of it.
static inline int co_extensions_push(X509_EXTENSIONS *all, X509_EXTENSION *one) {
    if (one && sk_X509_EXTENSION_push(all, one) > 0) return 1;
    X509_EXTENSION_free(one);
    return 0;
}
static inline void co_extensions_free(X509_EXTENSIONS *all) { sk_X509_EXTENSION_pop_free(all, X509_EXTENSION_free); }
