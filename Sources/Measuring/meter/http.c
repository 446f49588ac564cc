// HTTP/1.1 on loopback with epoll: whole requests in, whole answers out.
#define _GNU_SOURCE
#include "tls.h"
#include <arpa/inet.h>
#include <errno.h>
#include <meter.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAXIMUM_FILES 256
#define MAXIMUM_BYTES (8 << 20)
#define FIRST_BYTES (256 << 10)

static int ports[ROLES];
static bool secured[ROLES];
static int poller = -1;
static bool stopped;
static request_handler *answer_request;

// By file descriptor.
static struct {
  bool open, listens, hangs_up;
  enum role role;
  char *bytes;
  size_t count, capacity;
  struct ssl_st *tls;
} files[MAXIMUM_FILES];

// Answers that are to come, oldest first.
static struct {
  long long due;
  int connection;
  void (*answer)(int connection);
} late[MAXIMUM_FILES];
static int late_count;

static void add(int file, enum role role, bool listens) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = file};
  if (file >= MAXIMUM_FILES || epoll_ctl(poller, EPOLL_CTL_ADD, file, &event)) fail("too many connections");
  files[file].open = true;
  files[file].listens = listens;
  files[file].hangs_up = false;
  files[file].role = role;
  files[file].count = 0;
}

void listen_as(enum role role) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (poller < 0) poller = epoll_create1(EPOLL_CLOEXEC);
  if (file < 0 || bind(file, (void *)&address, size) || listen(file, 64)) fail("listen: %s", strerror(errno));
  getsockname(file, (void *)&address, &size);
  ports[role] = ntohs(address.sin_port);
  add(file, role, true);
}

void secure(enum role role) { secured[role] = true; }

void write_url(enum role role, char *url, size_t room) {
  int port = ports[role] ? ports[role] : ports[RUNTIME];
  snprintf(url, room, "http%s://127.0.0.1:%d", secured[role] ? "s" : "", port);
}

void hang_up(int connection) { files[connection].hangs_up = true; }

static void accept_from(int listener) {
  int on = 1, file = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (file < 0) return;
  setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct timeval limit = {.tv_sec = 20};
  setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  add(file, files[listener].role, false);
  if (secured[files[file].role]) files[file].tls = start_tls(file);
}

static void end(int file) {
  if (files[file].tls) end_tls(files[file].tls);
  files[file].tls = NULL;
  close(file);
  files[file].open = false;
  check_program();
}

void send_answer(int connection, const char *head, const char *body, size_t body_bytes) {
  if (files[connection].tls) {
    // A client that does not wait any longer makes another connection.
    bool is_sent = send_secured(files[connection].tls, head, strlen(head)) &&
                   (body_bytes == 0 || send_secured(files[connection].tls, body, body_bytes));
    if (!is_sent) hang_up(connection);
    return;
  }
  struct iovec parts[2] = {{(void *)head, strlen(head)}, {(void *)body, body_bytes}};
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
  while (parts[0].iov_len + parts[1].iov_len > 0) {
    ssize_t count = sendmsg(connection, &message, MSG_NOSIGNAL);
    if (count < 0) {
      check_program();
      fail("an answer cannot be sent: %s", strerror(errno));
    }
    for (int i = 0; i < 2; i++) {
      size_t part = (size_t)count < parts[i].iov_len ? (size_t)count : parts[i].iov_len;
      parts[i].iov_base = (char *)parts[i].iov_base + part;
      parts[i].iov_len -= part;
      count -= part;
    }
  }
}

static void make_room(int file, size_t bytes) {
  if (bytes > MAXIMUM_BYTES) fail("a request of %zu bytes", bytes);
  if (bytes < files[file].capacity) return;
  files[file].capacity = bytes < FIRST_BYTES ? FIRST_BYTES : bytes + 1;
  files[file].bytes = realloc(files[file].bytes, files[file].capacity);
  if (!files[file].bytes) fail("out of memory");
}

void answer_later(int connection, int milliseconds, void (*answer)(int connection)) {
  late[late_count].due = now() + milliseconds * 1000000LL;
  late[late_count].answer = answer;
  late[late_count++].connection = connection;
}

// Answers every request that is whole in the buffer.
static void consume(int file) {
  size_t head_bytes = 0, bytes;
  while (!stopped && (bytes = message_bytes(files[file].bytes, files[file].count, &head_bytes)) > 0) {
    if (files[file].count < bytes) return make_room(file, bytes);
    char *head = files[file].bytes;
    head[head_bytes - 1] = 0;
    answer_request(files[file].role, file, (struct request){head, head + head_bytes, bytes - head_bytes});
    if (files[file].hangs_up) return end(file);
    files[file].count -= bytes;
    memmove(files[file].bytes, files[file].bytes + bytes, files[file].count);
  }
}

static char *free_bytes(int file, size_t *room) {
  make_room(file, files[file].count + 1);
  *room = files[file].capacity - files[file].count - 1;
  return files[file].bytes + files[file].count;
}

static void receive(int file) {
  size_t room;
  char *into = free_bytes(file, &room);
  ssize_t count = recv(file, into, room, MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return end(file);
  if (!files[file].tls) {
    files[file].count += count;
    return consume(file);
  }
  take_ciphertext(files[file].tls, into, count);
  while (files[file].open) {
    into = free_bytes(file, &room);
    if ((count = decipher(files[file].tls, into, room)) == 0) return;
    files[file].count += count;
    consume(file);
  }
}

// Answers what is due; returns the milliseconds until more is.
static int answer_late(void) {
  while (late_count > 0 && late[0].due <= now()) {
    int connection = late[0].connection;
    void (*answer)(int) = late[0].answer;
    memmove(late, late + 1, --late_count * sizeof *late);
    if (files[connection].open) answer(connection);
  }
  return late_count > 0 ? (int)((late[0].due - now() + 999999) / 1000000) : 200;
}

void stop(void) { stopped = true; }

void serve(request_handler *handler) {
  answer_request = handler;
  long long last = now();
  while (!stopped) {
    struct epoll_event ready[32];
    int count = epoll_wait(poller, ready, 32, answer_late());
    if (count > 0) last = now();
    if (count == 0) check_program();
    if (now() - last > 30000000000LL) fail("the program does nothing any more, after %d events", events);
    for (int i = 0; i < count && !stopped; i++) {
      int file = ready[i].data.fd;
      if (files[file].listens) accept_from(file);
      else receive(file);
    }
  }
}
