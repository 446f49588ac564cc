// TLS. What arrives is read from the socket without waiting and deciphered in memory; what is
// sent goes straight to the socket, which may block, as a plain answer may.
#include "tls.h"
#include <meter.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

static SSL_CTX *context;

static void refuse(const char *what) {
  fail("%s: %s", what, ERR_reason_error_string(ERR_get_error()));
}

void use_certificate(const char *chain, const char *key) {
  context = SSL_CTX_new(TLS_server_method());
  if (!context) refuse("TLS");
  if (SSL_CTX_use_certificate_chain_file(context, chain) != 1) refuse(chain);
  if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) refuse(key);
}

struct ssl_st *start_tls(int connection) {
  SSL *tls = SSL_new(context);
  BIO *arrived = BIO_new(BIO_s_mem()), *socket = BIO_new_socket(connection, BIO_NOCLOSE);
  if (!tls || !arrived || !socket) refuse("TLS");
  SSL_set_bio(tls, arrived, socket);
  SSL_set_accept_state(tls);
  return tls;
}

void take_ciphertext(struct ssl_st *tls, const char *bytes, size_t count) {
  if (BIO_write(SSL_get_rbio(tls), bytes, (int)count) != (int)count) refuse("TLS");
}

size_t decipher(struct ssl_st *tls, char *into, size_t room) {
  ERR_clear_error();
  int count = SSL_read(tls, into, room > 1 << 20 ? 1 << 20 : (int)room);
  if (count > 0) return count;
  int error = SSL_get_error(tls, count);
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_ZERO_RETURN) refuse("a TLS connection");
  return 0;
}

bool send_secured(struct ssl_st *tls, const char *bytes, size_t count) {
  return SSL_write(tls, bytes, (int)count) == (int)count;
}

void end_tls(struct ssl_st *tls) { SSL_free(tls); }
