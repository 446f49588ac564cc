#!/usr/bin/env bash
# Builds a static libcurl with only HTTP and HTTPS, from the curl source package of the
# distribution (with its security patches) or from CURL_SOURCE=FILE.tar.gz. Prints the folder with include/ and
# lib/libcurl.a; everything else goes to standard error. LIBCURL_CACHE keeps it; CC is the compiler.
set -euo pipefail

options=(
  --disable-shared --enable-static --disable-dependency-tracking
  --with-openssl --with-zlib
  # Explicit, because configure would test whether the build machine has an IPv6 address.
  --enable-ipv6 --enable-threaded-resolver
  # Certificates come from the function (TrustStore), never from a path built in here.
  --without-ca-bundle --without-ca-path
  --without-brotli --without-gssapi --without-libidn2 --without-libpsl --without-librtmp --without-libssh
  --without-libssh2 --without-nghttp2 --without-nghttp3 --without-ngtcp2 --without-zstd
  --disable-alt-svc --disable-aws --disable-cookies --disable-dateparse --disable-dict --disable-doh --disable-file
  --disable-ftp --disable-get-easy-options --disable-gopher --disable-headers-api --disable-hsts --disable-imap --disable-ldap
  --disable-ldaps --disable-libcurl-option --disable-manual --disable-mime --disable-mqtt --disable-netrc
  --disable-ntlm --disable-pop3 --disable-progress-meter --disable-rtsp --disable-smb --disable-smtp
  --disable-telnet --disable-tftp --disable-tls-srp --disable-unix-sockets --disable-websockets
)

fail() {
  printf 'libcurl.sh: %s\n' "$*" >&2
  exit 1
}

# The version of curl that the distribution offers, by this machine's package lists (the source package has the version
# of its packages); where there are none, by freshly fetched ones.
distribution_version() {
  local version
  version=$(LC_ALL=C apt-cache policy libcurl4-openssl-dev 2>/dev/null | sed -n 's/^  Candidate: \([^(].*\)/\1/p')
  if [ -z "$version" ]; then
    rm -rf "$LIBCURL_CACHE/lists"
    version=$(with_source_lists "$LIBCURL_CACHE/lists" newest_source)
    rm -rf "$LIBCURL_CACHE/lists"
  fi
  [ -n "$version" ] || fail "apt has no version of curl; run apt-get update, or set CURL_SOURCE=FILE.tar.gz"
  printf '%s\n' "$version"
}

# Another compiler, set of options, or source results in another library; so does a new version of the distribution, or
# its security patches would never arrive.
key() {
  local source
  if [ -n "${CURL_SOURCE:-}" ]; then
    source=$(sha256sum <"$CURL_SOURCE")
  else
    # bash ends no command substitution at an error inside of it.
    source=$(distribution_version) || exit
  fi
  { cat "${BASH_SOURCE[0]}" && "$CC" --version && echo "$source"; } | sha256sum | cut -c1-16
}

# with_source_lists FOLDER COMMAND: runs it with separate apt lists in FOLDER: the archives that this machine is
# configured for, as source archives, with the distribution's keys. The system's configuration is not changed.
with_source_lists() {
  local state=$1/apt
  local options=(
    -qq -o "Dir::State::lists=$state/lists" -o "Dir::Cache=$state/cache" -o "Dir::Etc::sourcelist=$state/sources.list"
    -o Dir::Etc::sourceparts=- -o "APT::Sandbox::User=$(id -un)"
  )
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  # shellcheck source=/dev/null
  . /etc/os-release
  # shellcheck disable=SC2016  # apt-get replaces these.
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u |
    awk -v name="$VERSION_CODENAME" -v key="/usr/share/keyrings/$ID-archive-keyring.gpg" \
      '($2 == name || $2 == name "-updates" || $2 == name "-security") && $3 == "main" {
        print "deb-src [signed-by=" key "]", $1, $2, $3 }' >"$state/sources.list"
  [ -s "$state/sources.list" ] || fail "apt has no archive of $ID $VERSION_CODENAME; set CURL_SOURCE=FILE.tar.gz"
  apt-get "${options[@]}" update >&2
  "$2" "$1"
}

# With the options of with_source_lists.
newest_source() {
  apt-cache "${options[@]}" showsrc --only-source curl | sed -n 's/^Version: //p' | sort -V | tail -n 1
}

# Downloads and unpacks the source package.
download() {
  (cd "$1" && apt-get "${options[@]}" source --download-only curl && dpkg-source --no-check -x curl_*.dsc source)
}

# libcurl prepares OpenSSL when it is initialized, even if no https URL is used. SSL_CTX_new does the same when it is
# needed, so the early call is removed: it takes a third of the time to the first event.
defer_openssl() {
  local file=$1/lib/vtls/openssl.c
  sed -i 's/^  OPENSSL_init_ssl(flags, NULL);$/  (void)flags; \/* deferred to SSL_CTX_new *\//' "$file"
  grep -q 'deferred to SSL_CTX_new' "$file" ||
    fail "this curl initializes OpenSSL differently; adapt defer_openssl in .packaging/libcurl.sh"
}

# A million instructions of the first handshake load the texts of OpenSSL's errors. The function leaves that out
# (OpenSSLSetup); where libcurl words an error, the texts are loaded. Each of OpenSSL's functions loads once.
explain_errors() {
  local file=$1/lib/vtls/openssl.c
  sed -i -e 's/^static char \*ossl_strerror(.*$/int ossl_err_load_crypto_strings(void);\nint ossl_err_load_SSL_strings(void);\n\n&/' \
    -e 's/^  ERR_error_string_n(error, buf, size);$/  (void)ossl_err_load_crypto_strings();\n  (void)ossl_err_load_SSL_strings();\n&/' "$file"
  [ "$(grep -c 'ossl_err_load_SSL_strings' "$file")" = 2 ] ||
    fail "this curl words OpenSSL's errors differently; adapt explain_errors in .packaging/libcurl.sh"
}

# libcurl formats each given header, with a call for every byte: 8 microseconds of each invocation with a session
# token. This copies it instead. A newer curl with a different line there is not changed.
copy_headers() {
  sed -i 's/^\( *\)result = Curl_dyn_addf(req, "%s\\r\\n", compare);$/\1result = Curl_dyn_add(req, compare);\n\1if(!result) result = Curl_dyn_addn(req, "\\r\\n", 2);/' \
    "$1/lib/http.c"
}

# libcurl asks the kernel whether a socket is ready before each read and write. The sockets do not block, so it tries
# instead: after a request's headers to write its body, otherwise, unless something is left to write, to read, and to
# read on until nothing is left. Six polls of an invocation.
try_at_once() {
  sed -i 's/^    select_res = Curl_socket_check(fd_read, CURL_SOCKET_BAD, fd_write, 0);$/    select_res = fd_write == CURL_SOCKET_BAD \&\& fd_read != CURL_SOCKET_BAD ? CURL_CSELECT_IN :\n      fd_write != CURL_SOCKET_BAD \&\& !k->upload_present \&\& !k->writebytecount ? CURL_CSELECT_OUT :\n      Curl_socket_check(fd_read, CURL_SOCKET_BAD, fd_write, 0);/
    s/^    Curl_conn_data_pending(data, FIRSTSOCKET);$/    TRUE;/' "$1/lib/transfer.c"
}

# libcurl takes an idle connection for usable on which unread bytes wait, and then reads them as the response to the
# next request. HTTP/1.1 sends nothing unasked: what waits was beyond a Content-Length, or is the end. Other versions
# than those with this file and without input_pending (7.87 to 7.88) do not.
leave_polluted() {
  local file=$1/lib/cf-socket.c
  if [ ! -e "$file" ] || grep -q input_pending "$file"; then return; fi
  sed -i 's/^  else if(sval & CURL_CSELECT_ERR) {$/  else if(sval \& (CURL_CSELECT_ERR | CURL_CSELECT_IN)) {/' "$file"
  sed -i '/^  if(nread == 1)$/{n;s/return 1;.*$/return 0; \/* unread bytes *\//}' "$1/lib/vtls/openssl.c"
  # Beside those that wait on the socket, those of a record that was read in part.
  sed -i '/^static int ossl_check_cxn(/,/^{$/s/^{$/{\n  struct ssl_connect_data *connssl = cf->ctx;\n  if(connssl->backend->handle \&\& SSL_has_pending(connssl->backend->handle))\n    return 0; \/* unread bytes *\//' "$1/lib/vtls/openssl.c"
  if ! grep -q 'CURL_CSELECT_ERR | CURL_CSELECT_IN' "$file" ||
    [ "$(grep -c 'unread bytes' "$1/lib/vtls/openssl.c")" != 2 ]; then
    fail "this curl looks at idle connections differently; adapt leave_polluted in .packaging/libcurl.sh"
  fi
}

# libcurl copies a body that it was given as a whole into its upload buffer. This sends it from where it is, in parts of
# the same size.
send_from_source() {
  sed -i -e 's/^        k->upload_fromhere += offset;$/        if(!offset \&\& http->sending == HTTPSEND_BODY \&\& data->state.in == (void *)http \&\&\n           !k->upload_chunky \&\& !data->set.crlf \&\& !data->set.max_send_speed) {\n          k->forbidchunk = FALSE;\n          fillcount = (size_t)CURLMIN(http->postsize, (curl_off_t)data->set.upload_buffer_size);\n          k->upload_fromhere = (char *)http->postdata;\n          http->postdata += fillcount;\n          http->postsize -= fillcount;\n          result = CURLE_OK;\n        }\n        else {\n&/' \
    -e 's/^        k->upload_fromhere -= offset;$/&\n        }/' "$1/lib/transfer.c"
}

# libcurl writes each URL anew after it has read it, byte by byte, for CURLINFO_EFFECTIVE_URL and redirects, which the
# function does not use, and encodes the path, which is encoded: 20,000 instructions of a transfer.
keep_url() {
  sed -i -e '/after it was parsed, get the generated normalized version/,/data->state.url_alloc = TRUE;/d' \
    -e '/CURLUPART_PATH, &data->state.up.path,$/{n;s/CURLU_URLENCODE/0/}' "$1/lib/url.c"
}

# libcurl receives into a buffer of its own, from which a body is copied. This receives a body of known length where
# option 10999, a callback, says: clibcurl_setopt_place_callback. As much as there is, not a buffer's size.
receive_in_place() {
  sed -i -e '/^  curl_write_callback fwrite_func; /a\  char *(*place_func)(size_t bytes, void *context);' "$1/lib/urldata.h"
  sed -i -e '/^  case CURLOPT_WRITEFUNCTION:$/i\  case (CURLoption)10999:\n    data->set.place_func = va_arg(param, char *(*)(size_t, void *));\n    break;' \
    "$1/lib/setopt.c"
  sed -i -e 's/^  bytesfromsocket = CURLMIN(sizerequested, (size_t)data->set.buffer_size);$/  bytesfromsocket = sizerequested;/' \
    "$1/lib/sendf.c"
  sed -i -e '/^    if(!data_eof_handled && k->size != -1 && !k->header) {$/,/^    }$/c\
    buf = data->state.buffer;\
    if(!data_eof_handled \&\& k->size != -1 \&\& !k->header) {\
      curl_off_t totalleft = k->size - k->bytecount;\
      if(data->set.place_func \&\& totalleft > 0 \&\& !k->chunk \&\& !k->badheader \&\& !k->ignorebody \&\&\
         !k->writer_stack) {\
        char *place = data->set.place_func((size_t)totalleft, data->set.out);\
        if(place) {\
          buf = place;\
          bytestoread = (size_t)totalleft;\
        }\
      }\
      if(totalleft < (curl_off_t)bytestoread)\
        bytestoread = (size_t)totalleft;\
    }' -e 's/^      buf\[nread\] = 0;$/      if(buf == data->state.buffer)\n        buf[nread] = 0;/' "$1/lib/transfer.c"
}

# libcurl formats a request line byte by byte, with a call of memcpy for each: 75 instructions more for a byte.
append_bytes() {
  [ -e "$1/lib/dynbuf.c" ] || return 0
  sed -i 's/^  return dyn_nappend(s, mem, len);$/  if(len == 1 \&\& s->leng + 1 < s->allc \&\& s->leng + 2 <= s->toobig) {\n    s->bufr[s->leng++] = *(const char *)mem;\n    s->bufr[s->leng] = 0;\n    return CURLE_OK;\n  }\n&/' \
    "$1/lib/dynbuf.c"
}

# libcurl reads the usual status line with sscanf, and after each transfer writes a text for a log that is off.
# 3,500 instructions of a transfer. Any other status line is read as before.
read_status_line() {
  sed -i -e '/^        nc = sscanf(HEADER1,$/{N
    /HTTP.%1d.%1d%c%3d%c/s/^/        if(!strncmp(headp, "HTTP\/1.1 ", 9) \&\& ISDIGIT(headp[9]) \&\& ISDIGIT(headp[10]) \&\&\n           ISDIGIT(headp[11]) \&\& !ISDIGIT(headp[12])) {\n          httpversion_major = httpversion = 1;\n          separator = headp[8];\n          k->httpcode = 100 * (headp[9] - 48) + 10 * (headp[10] - 48) + headp[11] - 48;\n          nc = 4;\n        }\n        else\n/
    }' "$1/lib/http.c"
  sed -i -e '/^    msnprintf(buffer, sizeof(buffer),$/{N
    /left intact/s/^/    if(data->set.verbose)\n/
    }' "$1/lib/multi.c"
}

build() {
  local folder=$1 log=$1/build.log
  if [ -n "${CURL_SOURCE:-}" ]; then
    mkdir "$folder/source"
    tar -xf "$CURL_SOURCE" -C "$folder/source" --strip-components=1
  else
    with_source_lists "$folder" download
  fi
  defer_openssl "$folder/source"
  explain_errors "$folder/source"
  copy_headers "$folder/source"
  try_at_once "$folder/source"
  leave_polluted "$folder/source"
  send_from_source "$folder/source"
  receive_in_place "$folder/source"
  append_bytes "$folder/source"
  read_status_line "$folder/source"
  keep_url "$folder/source"
  cd "$folder/source"
  # The distribution's patches are newer than configure, which must not lead to autoconf.
  export ACLOCAL=: AUTOCONF=: AUTOHEADER=: AUTOMAKE=:
  # The most bytes for one call of the callback that takes a body. Each call begins the checksums anew; they stay in
  # the processor's second cache from one checksum to the next.
  CFLAGS="-O2 -g -ffunction-sections -fdata-sections -ffile-prefix-map=$folder/source=curl -DCURL_MAX_WRITE_SIZE=65536" \
    ./configure "${options[@]}" >"$log" 2>&1 || fail "configure failed, see $log"
  make -C lib -j "$(nproc)" >>"$log" 2>&1 || fail "make failed, see $log"
  mkdir -p "$folder/lib" "$folder/include/curl"
  cp lib/.libs/libcurl.a "$folder/lib/"
  cp include/curl/*.h "$folder/include/curl/"
  cd "$folder"
  sed -n 's/^#define LIBCURL_VERSION "\(.*\)"/\1/p' include/curl/curlver.h >version
  find . -maxdepth 1 -name 'curl_*.dsc' | sed 's/.*curl_\(.*\)\.dsc/\1/' >>version
  rm -rf apt source curl_*
}

mkdir -p "$LIBCURL_CACHE"
key=$(key)
library=$(cd "$LIBCURL_CACHE" && pwd)/$key
if [ ! -s "$library/version" ]; then
  echo "libcurl: building it once, about a minute" >&2
  rm -rf "$library"
  mkdir -p "$library"
  (build "$library") >&2
fi
echo "libcurl: $(tail -n 1 "$library/version"), in $library" >&2
echo "$library"
