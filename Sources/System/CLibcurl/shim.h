// Typed wrappers of libcurl's variadic functions, which Swift cannot import. Nothing else belongs here.
#include <curl/curl.h>

typedef size_t (*clibcurl_data_callback)(char *data, size_t size, size_t count, void *context);
typedef int (*clibcurl_seek_callback)(void *context, curl_off_t offset, int origin);

static inline CURLcode clibcurl_setopt_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode clibcurl_setopt_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode clibcurl_setopt_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode clibcurl_setopt_pointer(CURL *handle, CURLoption option, const void *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode clibcurl_setopt_callback(CURL *handle, CURLoption option, clibcurl_data_callback value) {
  return curl_easy_setopt(handle, option, value);
}
// Where as many bytes of a body can be received; NULL lets libcurl receive and copy them.
typedef char *(*clibcurl_place_callback)(size_t bytes, void *context);
// Only the function's libcurl has the option (receive_in_place in .packaging/libcurl.sh); its context is that of
// CURLOPT_WRITEFUNCTION.
static inline CURLcode clibcurl_setopt_place_callback(CURL *handle, clibcurl_place_callback value) {
  CURLcode code = curl_easy_setopt(handle, (CURLoption)10999, value);
  return code == CURLE_UNKNOWN_OPTION ? CURLE_OK : code;
}
static inline CURLcode clibcurl_setopt_seek_callback(CURL *handle, CURLoption option, clibcurl_seek_callback value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode clibcurl_setopt_prereq_callback(CURL *handle, CURLoption option, curl_prereq_callback value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode clibcurl_getinfo_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode clibcurl_getinfo_pointer(CURL *handle, CURLINFO info, void **value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLMcode clibcurl_multi_setopt_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}
static inline CURLcode clibcurl_setopt_socket_callback(CURL *handle, CURLoption option, curl_sockopt_callback value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode clibcurl_setopt_tls_callback(CURL *handle, CURLoption option, curl_ssl_ctx_callback value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode clibcurl_setopt_open_socket_callback(CURL *handle, CURLoption option, curl_opensocket_callback value) {
  return curl_easy_setopt(handle, option, value);
}
// The only protocol of a transfer and of its redirects. libcurl before 7.85 has only the numeric options.
static inline CURLcode clibcurl_https_only(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
  CURLcode code = curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
  return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "https");
#else
  CURLcode code = curl_easy_setopt(handle, CURLOPT_PROTOCOLS, (long)CURLPROTO_HTTPS);
  return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS, (long)CURLPROTO_HTTPS);
#endif
}
// Both options let a transfer end without waiting for getaddrinfo; libcurl before 7.87 has neither.
static inline CURLcode clibcurl_quick_exit(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075700
  return curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
#else
  return CURLE_OK;
#endif
}
static inline CURLMcode clibcurl_multi_quick_exit(CURLM *multi) {
#if LIBCURL_VERSION_NUM >= 0x081400
  return curl_multi_setopt(multi, CURLMOPT_QUICK_EXIT, 1L);
#else
  return CURLM_OK;
#endif
}
// libcurl before 7.87 remembers no certificates.
static inline CURLcode clibcurl_no_certificate_cache(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075700
  return curl_easy_setopt(handle, CURLOPT_CA_CACHE_TIMEOUT, 0L);
#else
  (void)handle;
  return CURLE_OK;
#endif
}
// For handles of one thread, which need no locks.
static inline CURLSH *clibcurl_share_of_sessions(void) {
  CURLSH *share = curl_share_init();
  if (share && curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) != CURLSHE_OK) {
    curl_share_cleanup(share);
    return NULL;
  }
  return share;
}
