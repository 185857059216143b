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
static inline X509_EXTENSION *co_extension(int kind, const char *words, X509 *issuer, X509 *subject) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, subject, NULL, NULL, 0);
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
static inline int co_extensions_count(const X509_EXTENSIONS *all) { return sk_X509_EXTENSION_num(all); }
static inline X509_EXTENSION *co_extensions_at(const X509_EXTENSIONS *all, int index) {
    return sk_X509_EXTENSION_value(all, index);
}

// Big-endian bytes as an integer; ASN1_INTEGER and ASN1_TIME are names of one struct, which Swift would tell apart.
static inline ASN1_INTEGER *co_integer(const unsigned char *bytes, int count) {
    BIGNUM *number = BN_bin2bn(bytes, count, NULL);
    ASN1_INTEGER *integer = number ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
    BN_free(number);
    return integer;
}
static inline int co_set_serial(X509 *one, const unsigned char *bytes, int count) {
    ASN1_INTEGER *serial = co_integer(bytes, count);
    int done = serial && X509_set_serialNumber(one, serial);
    ASN1_INTEGER_free(serial);
    return done;
}
// Seconds since 1970.
static inline int co_set_validity(X509 *one, long long from, long long until) {
    return ASN1_TIME_set(X509_getm_notBefore(one), from) && ASN1_TIME_set(X509_getm_notAfter(one), until);
}
static inline int co_set_list_window(X509_CRL *list, long long from, long long until) {
    ASN1_TIME *begin = ASN1_TIME_set(NULL, from);
    ASN1_TIME *end = ASN1_TIME_set(NULL, until);
    int done = begin && end && X509_CRL_set1_lastUpdate(list, begin) && X509_CRL_set1_nextUpdate(list, end);
    ASN1_TIME_free(begin);
    ASN1_TIME_free(end);
    return done;
}
static inline int co_list_add(X509_CRL *list, const unsigned char *bytes, int count, long long date) {
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_INTEGER *serial = co_integer(bytes, count);
    ASN1_TIME *time = ASN1_TIME_set(NULL, date);
    int done = entry && serial && time && X509_REVOKED_set_serialNumber(entry, serial)
        && X509_REVOKED_set_revocationDate(entry, time) && X509_CRL_add0_revoked(list, entry);
    if (!done) X509_REVOKED_free(entry);
    ASN1_INTEGER_free(serial);
    ASN1_TIME_free(time);
    return done;
}
// The list's number and whose key signs it.
static inline int co_list_identify(X509_CRL *list, X509 *issuer, unsigned long long number) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(number >> (56 - 8 * i));
    ASN1_INTEGER *integer = co_integer(bytes, 8);
    X509_EXTENSION *key = co_extension(NID_authority_key_identifier, "keyid", issuer, NULL);
    int done = integer && key && X509_CRL_add1_ext_i2d(list, NID_crl_number, integer, 0, 0)
        && X509_CRL_add_ext(list, key, -1);
    ASN1_INTEGER_free(integer);
    X509_EXTENSION_free(key);
    return done;
}
