// What certificates and revocation lists hold, where OpenSSL offers it as macros, stacks and unions only.
#pragma once
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// A macro that records file and line.
static inline void co_free(void *memory) { OPENSSL_free(memory); }

// Stacks are macros over casts.
static inline STACK_OF(X509) *co_certificates_new(void) { return sk_X509_new_null(); }
static inline int co_certificates_push(STACK_OF(X509) *stack, X509 *one) { return sk_X509_push(stack, one); }
static inline int co_certificates_count(STACK_OF(X509) *stack) { return sk_X509_num(stack); }
static inline X509 *co_certificates_at(STACK_OF(X509) *stack, int index) { return sk_X509_value(stack, index); }
static inline void co_certificates_free(STACK_OF(X509) *stack) { sk_X509_pop_free(stack, X509_free); }
static inline int co_revoked_count(X509_CRL *list) { return sk_X509_REVOKED_num(X509_CRL_get_REVOKED(list)); }

// Subject alternative names: a stack of tagged unions. `type` is GEN_DNS, GEN_IPADD …; bytes only for those that are
// strings of bytes, else NULL.
static inline GENERAL_NAMES *co_alternative_names(const X509 *one) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(one, NID_subject_alt_name, NULL, NULL);
}
static inline void co_names_free(GENERAL_NAMES *names) { GENERAL_NAMES_free(names); }
static inline int co_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline const unsigned char *co_name_bytes(const GENERAL_NAMES *names, int index, int *type, int *length) {
    int kind = 0;
    const void *value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, index), &kind);
    *type = kind;
    *length = 0;
    if (!value || (kind != GEN_DNS && kind != GEN_EMAIL && kind != GEN_URI && kind != GEN_IPADD)) return NULL;
    *length = ASN1_STRING_length((const ASN1_STRING *)value);
    return ASN1_STRING_get0_data((const ASN1_STRING *)value);
}

// Extended key usage: a stack of object identifiers; the short name or the dotted number of one of them.
static inline EXTENDED_KEY_USAGE *co_extended_usage(const X509 *one) {
    return (EXTENDED_KEY_USAGE *)X509_get_ext_d2i(one, NID_ext_key_usage, NULL, NULL);
}
static inline void co_extended_usage_free(EXTENDED_KEY_USAGE *usage) { EXTENDED_KEY_USAGE_free(usage); }
static inline int co_extended_usage_count(const EXTENDED_KEY_USAGE *usage) { return sk_ASN1_OBJECT_num(usage); }
static inline int co_extended_usage_words(const EXTENDED_KEY_USAGE *usage, int index, char *words, int size) {
    const ASN1_OBJECT *object = sk_ASN1_OBJECT_value(usage, index);
    int known = OBJ_obj2nid(object);
    const char *name = known == NID_undef ? NULL : OBJ_nid2sn(known);
    return name ? BIO_snprintf(words, (size_t)size, "%s", name) : OBJ_obj2txt(words, size, object, 1);
}

// A revocation list's number, big-endian; its length, or 0 where there is none or it is longer than `size`.
static inline int co_list_number(const X509_CRL *list, unsigned char *to, int size) {
    ASN1_INTEGER *number = (ASN1_INTEGER *)X509_CRL_get_ext_d2i(list, NID_crl_number, NULL, NULL);
    int count = number ? ASN1_STRING_length(number) : 0;
    if (count < 0 || count > size) count = 0;
    for (int i = 0; i < count; i++) to[i] = ASN1_STRING_get0_data(number)[i];
    ASN1_INTEGER_free(number);
    return count;
}

static inline int co_is_ca(X509 *one) { return X509_check_ca(one) == 1; }

// The flags are macros over macros. Without ESC_MSB, UTF-8 stays readable.
static inline int co_print_name(BIO *to, const X509_NAME *name) {
    return X509_NAME_print_ex(to, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

// Macros over BIO_ctrl and SSL_ctrl.
static inline long co_memory(BIO *memory, char **start) { return BIO_get_mem_data(memory, start); }
static inline int co_minimum_protocol(SSL_CTX *context) {
    return (int)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}
