/*
 * A client that sends bytes as they are and reads what comes back: for what no proper client sends.
 */
#ifndef TESTS_RAW_H
#define TESTS_RAW_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/base.h"

enum { RAW_WAIT_MS = 5000, RAW_MAX = 8 << 20 };

__attribute__((unused)) static int raw_connect(uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

__attribute__((unused)) static bool raw_send(int fd, str bytes)
{
	while (bytes.n) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		bytes = str_from(bytes, (size_t)n);
	}
	return true;
}

/* Reads until the other side closes, or nothing has come for WAIT_MS. A reset counts as closed: it
 * comes when a server closes before it has read all. */
__attribute__((unused)) static str raw_read(int fd, arena *a, int wait_ms, bool *ret_closed)
{
	buf b = buf_new(a, RAW_MAX);
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	ssize_t n = 1;

	*ret_closed = false;
	while (poll(&wait, 1, wait_ms) == 1) {
		char *to = buf_room(&b, 64 * 1024);

		n = to ? read(fd, to, 64 * 1024) : 0;
		if (n <= 0) {
			*ret_closed = true;
			break;
		}
		buf_wrote(&b, (size_t)n);
	}
	return buf_str(&b);
}

/* One conversation: send all, read until closed. */
__attribute__((unused)) static str raw_talk(uint16_t port, arena *a, str bytes, bool *ret_closed)
{
	int fd = raw_connect(port);
	str reply = { NULL, 0 };

	*ret_closed = false;
	if (fd < 0)
		return reply;
	(void)raw_send(fd, bytes); /* a server that refuses may close before all is sent */
	reply = raw_read(fd, a, RAW_WAIT_MS, ret_closed);
	close(fd);
	return reply;
}

/* How often NEEDLE stands in S. */
__attribute__((unused)) static size_t raw_count(str s, str needle)
{
	size_t n = 0, at;

	while ((at = str_find(s, needle)) != STR_NONE) {
		n++;
		s = str_from(s, at + needle.n);
	}
	return n;
}

__attribute__((unused)) static int raw_status(str reply)
{
	int64_t status = 0;

	return reply.n > 12 && str_starts(reply, S("HTTP/1.1 ")) &&
			       str_to_i64(str_to(str_from(reply, 9), 3), &status)
		       ? (int)status
		       : 0;
}

#endif
