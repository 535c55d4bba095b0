/*
 * Any bytes, cut in any way, through the parser of request heads. The first byte says how they are cut.
 * What is accepted must be clean, and read the same when it is written out again.
 */
#include <assert.h>

#include "http/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Parses BYTES as they come, STEP at a time; STEP 0 is all at once. */
static int parse(str bytes, size_t step, struct head *h, size_t *ret_n)
{
	struct head_search search = { 0 };
	size_t have = step ? MIN(step, bytes.n) : bytes.n;
	int status;

	for (;;) {
		status = head_find(&search, str_to(bytes, have), ret_n);
		if (status != 0 || have == bytes.n)
			break;
		have = MIN(have + step, bytes.n);
	}
	return status == HEAD_WHOLE ? head_parse(str_to(bytes, *ret_n), h) : status;
}

static void check_clean(str s, unsigned char least)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		assert((c >= least || c == '\t') && c != 0x7F);
	}
}

static void check_head(const struct head *h)
{
	size_t hosts = 0;

	assert(h->method > HTTP_OTHER && h->method <= HTTP_OPTIONS);
	assert(h->target.n && h->target.n <= HEAD_TARGET_MAX && h->target.p[0] == '/');
	check_clean(h->target, '!');
	assert(h->minor == 0 || (h->minor == 1 && h->host.n));
	assert(h->close || h->minor == 1);
	for (size_t i = 0; i < h->fields_n; i++) {
		assert(h->fields[i].name.n);
		check_clean(h->fields[i].name, '!');
		check_clean(h->fields[i].value, ' ');
		hosts += str_eq_nocase(h->fields[i].name, S("host"));
		assert(!str_eq_nocase(h->fields[i].name, S("transfer-encoding")));
	}
	assert(hosts <= 1);
}

/* Written in one plain way, the head says the same. */
static void check_again(arena *a, const struct head *h)
{
	buf out = buf_new(a, 1 << 20);
	struct head *again = NEW(a, struct head);
	size_t n = 0;

	buf_put(&out, http_method_name(h->method));
	buf_byte(&out, ' ');
	buf_put(&out, h->target);
	buf_put(&out, h->minor ? S(" HTTP/1.1\r\n") : S(" HTTP/1.0\r\n"));
	for (size_t i = 0; i < h->fields_n; i++) {
		buf_put(&out, h->fields[i].name);
		buf_byte(&out, ':');
		buf_put(&out, h->fields[i].value);
		buf_put(&out, S("\r\n"));
	}
	buf_put(&out, S("\r\n"));
	assert(parse(buf_str(&out), 0, again, &n) == HEAD_WHOLE && n == out.n);
	assert(again->method == h->method && again->close == h->close);
	assert(str_eq(again->target, h->target) && str_eq(again->host, h->host));
	assert(again->fields_n == h->fields_n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	arena *a = arena_new();
	str bytes = { (const char *)data, size };
	struct head *whole = NEW(a, struct head), *pieces = NEW(a, struct head);
	size_t n = 0, n_pieces = 0, step;
	int status, status_pieces;

	if (size) {
		step = data[0] % 8;
		bytes = str_from(bytes, 1);
		status = parse(bytes, 0, whole, &n);
		status_pieces = parse(bytes, step, pieces, &n_pieces);
		assert(status == status_pieces && n == n_pieces);
		if (status == HEAD_WHOLE) {
			check_head(whole);
			check_again(a, whole);
		}
	}
	arena_free(a);
	return 0;
}
