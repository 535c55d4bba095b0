#include <brotli/encode.h>
#include <libdeflate.h>

#include "http/encoding.h"

/* RFC 9110, 12.4.2: "0" or "1", a point, at most three digits; not above 1. */
static int qvalue_parse(str s)
{
	int v = 0, scale = 1000;

	if (s.n == 0 || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1') || (s.n > 1 && s.p[1] != '.'))
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (i == 1)
			continue;
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		v += (s.p[i] - '0') * scale;
		scale /= 10;
	}
	return v <= 1000 ? v : -1;
}

/* The weight of one item "value;q=0.5" in thousandths: 1000 without one, -1 for nonsense. */
static int weight_parse(str item, str *ret_value)
{
	str rest = item;
	int weight = 1000;

	*ret_value = str_trim(str_cut(&rest, ';'));
	while (rest.p) {
		str parameter = str_trim(str_cut(&rest, ';'));

		if (str_eq_nocase(str_to(parameter, 2), S("q=")))
			weight = qvalue_parse(str_from(parameter, 2));
	}
	return weight;
}

/* The weight of a coding by one of two names, and of "*"; -1 where it is not there. */
struct weights {
	int named, any;
};

static struct weights weights_of(str accept_encoding, str name, str other)
{
	struct weights w = { -1, -1 };
	str value;

	for (str rest = accept_encoding; rest.p;) {
		int weight = weight_parse(str_cut(&rest, ','), &value);

		if (str_eq_nocase(value, name) || str_eq_nocase(value, other))
			w.named = weight;
		else if (str_eq(value, S("*")))
			w.any = weight;
	}
	return w;
}

bool encoding_takes_gzip(str accept_encoding)
{
	struct weights w = weights_of(accept_encoding, S("gzip"), S("x-gzip"));

	return w.named >= 0 ? w.named > 0 : w.any > 0;
}

bool encoding_takes_brotli(str accept_encoding)
{
	return weights_of(accept_encoding, S("br"), S("br")).named > 0;
}

struct gzip {
	struct libdeflate_compressor *z;
	char *out;
	size_t cap;
};

struct gzip *gzip_new(int level)
{
	struct gzip *z = mem_alloc(sizeof *z);

	z->z = libdeflate_alloc_compressor(level);
	if (!z->z)
		abort(); /* as our own memory: nothing sensible can follow */
	return z;
}

void gzip_free(struct gzip *z)
{
	if (!z)
		return;
	libdeflate_free_compressor(z->z);
	mem_free(z->out);
	mem_free(z);
}

str gzip_pack(struct gzip *z, str bytes)
{
	size_t bound = libdeflate_gzip_compress_bound(z->z, bytes.n);

	if (z->cap < bound) {
		mem_free(z->out);
		z->out = mem_alloc(bound);
		z->cap = bound;
	}
	return (str){ z->out, libdeflate_gzip_compress(z->z, bytes.p, bytes.n, z->out, z->cap) };
}

str brotli_pack(arena *a, str bytes)
{
	size_t n = BrotliEncoderMaxCompressedSize(bytes.n);
	char *to = arena_alloc_raw(a, n);

	if (!BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT,
				   bytes.n, (const uint8_t *)bytes.p, &n, (uint8_t *)to))
		n = 0;
	return (str){ to, n };
}
