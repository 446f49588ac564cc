#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/provider.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// OpenSSL's own provider of algorithms. Only a statically linked libcrypto shows its entry; elsewhere it is NULL.
extern int ossl_default_provider_init(const OSSL_CORE_HANDLE *, const OSSL_DISPATCH *, const OSSL_DISPATCH **, void **)
    __attribute__((weak));

typedef int (*clibcrypto_provider_init)(const OSSL_CORE_HANDLE *, const OSSL_DISPATCH *, const OSSL_DISPATCH **, void **);

static inline clibcrypto_provider_init clibcrypto_default_provider(void) { return ossl_default_provider_init; }
