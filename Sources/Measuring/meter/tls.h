#pragma once
#include <stdbool.h>
#include <stddef.h>

struct ssl_st *start_tls(int connection);
void take_ciphertext(struct ssl_st *tls, const char *bytes, size_t count);
// 0 when all that arrived has been read.
size_t decipher(struct ssl_st *tls, char *into, size_t room);
// False when the connection is gone.
bool send_secured(struct ssl_st *tls, const char *bytes, size_t count);
void end_tls(struct ssl_st *tls);
