/* Readers of our own for what ffmpeg made: what is not listed here is not let through. */
#include <sys/stat.h>

#include "media/part.h"

struct check {
	int fd;
	const char *what; /* the first thing that is not allowed */
};

static enum err refuse(struct check *c, const char *what)
{
	if (!c->what)
		c->what = what;
	return E_INVALID;
}

static bool zeroes(int fd, uint64_t from, uint64_t end)
{
	unsigned char block[4096];

	while (from < end) {
		size_t n = (size_t)MIN(end - from, sizeof block);

		if (media_read_at(fd, from, block, n) != n)
			return false;
		for (size_t i = 0; i < n; i++)
			if (block[i])
				return false;
		from += n;
	}
	return true;
}

/* --- MP4 */

struct track {
	bool avc;
	size_t length_n; /* bytes of a unit's length */
	struct media_box stsz, stsc, stco, co64;
};

enum { DEPTH_MAX = 8, AVC_HEAD = 78, AAC_HEAD = 28, ESDS_MAX = 128 };

static enum err check_dates(struct check *c, const struct media_box *box)
{
	unsigned char p[20];

	if (media_read_at(c->fd, box->body, p, sizeof p) != sizeof p || p[0] > 1)
		return refuse(c, "a header of an unknown version");
	if (!zeroes(c->fd, box->body + 4, box->body + 4 + (p[0] ? 16 : 8)))
		return refuse(c, "a date");
	return OK;
}

static enum err check_handler(struct check *c, const struct media_box *box)
{
	char p[64];
	size_t n = (size_t)MIN(box->end - box->body, sizeof p);
	str name;

	if (n < 24 || box->end - box->body > sizeof p || media_read_at(c->fd, box->body, p, n) != n)
		return refuse(c, "a handler's name");
	name = str_from((str){ p, n }, 24);
	while (name.n && name.p[name.n - 1] == 0)
		name.n--;
	if (name.n && !str_eq(name, S("VideoHandler")) && !str_eq(name, S("SoundHandler")))
		return refuse(c, "a handler's name");
	return OK;
}

static enum err check_free(struct check *c, const struct media_box *box)
{
	return zeroes(c->fd, box->body, box->end) ? OK : refuse(c, "bytes in free space");
}

/* The empty list of notes that ffmpeg writes into every MP4, byte by byte. */
static enum err check_notes(struct check *c, const struct media_box *box)
{
	static const char empty[] = "\0\0\0\x35"
				    "meta\0\0\0\0\0\0\0\x21"
				    "hdlr\0\0\0\0\0\0\0\0mdirappl"
				    "\0\0\0\0\0\0\0\0\0\0\0\0\x08"
				    "ilst";
	char p[sizeof empty - 1];

	if (box->end - box->body != sizeof p ||
	    media_read_at(c->fd, box->body, p, sizeof p) != sizeof p ||
	    memcmp(p, empty, sizeof p) != 0)
		return refuse(c, "notes about the film");
	return OK;
}

/* One reference, to the file itself. */
static enum err check_reference(struct check *c, const struct media_box *box)
{
	unsigned char p[20];

	if (box->end - box->body != sizeof p ||
	    media_read_at(c->fd, box->body, p, sizeof p) != sizeof p || media_be(p + 4, 4) != 1 ||
	    memcmp(p + 12, "url ", 4) != 0 || media_be(p + 16, 4) != 1)
		return refuse(c, "a reference to another file");
	return OK;
}

static enum err check_entry_boxes(struct check *c, uint64_t at, uint64_t end, const char *codec,
				  struct track *t)
{
	struct media_box box;
	enum err e;

	while ((e = media_box_next(c->fd, &at, end, &box)) == OK) {
		str type = str_of(box.type);
		unsigned char p[8];

		if (str_eq(type, S("avcC"))) {
			if (media_read_at(c->fd, box.body, p, 5) != 5)
				return refuse(c, "a description of pictures");
			t->length_n = (size_t)(p[4] & 3) + 1;
		} else if (str_eq(type, S("btrt")) || str_eq(type, S("pasp")) ||
			   str_eq(type, S("colr"))) {
			if (box.end - box.body > 32)
				return refuse(c, codec);
		} else if (!str_eq(type, S("esds")) || box.end - box.body > ESDS_MAX) {
			return refuse(c, "a description of a track");
		}
	}
	return e == E_NOTFOUND ? OK : refuse(c, "a description of a track");
}

static enum err check_description(struct check *c, const struct media_box *box, struct track *t)
{
	uint64_t at = box->body + 8, from;
	struct media_box entry;

	if (box->end - box->body < 16 || media_box_next(c->fd, &at, box->end, &entry) != OK ||
	    at != box->end)
		return refuse(c, "more than one description of a track");
	from = entry.body;
	if (str_eq(str_of(entry.type), S("avc1"))) {
		t->avc = true;
		if (entry.end - from < AVC_HEAD || !zeroes(c->fd, from + 42, from + 42 + 32))
			return refuse(c, "an encoder's name");
		return check_entry_boxes(c, from + AVC_HEAD, entry.end, "avc1", t);
	}
	if (!str_eq(str_of(entry.type), S("mp4a")) || entry.end - from < AAC_HEAD)
		return refuse(c, "a track that is neither H.264 nor AAC");
	return check_entry_boxes(c, from + AAC_HEAD, entry.end, "mp4a", t);
}

static enum err table_of(struct check *c, const struct media_box *box, struct track *t)
{
	(void)c;
	switch (media_be((const unsigned char *)box->type, 4)) {
	case 0x7374737a: t->stsz = *box; break;
	case 0x73747363: t->stsc = *box; break;
	case 0x7374636f: t->stco = *box; break;
	default: t->co64 = *box;
	}
	return OK;
}

static enum err check_samples(struct check *c, const struct track *t);
static enum err check_boxes(struct check *c, uint64_t at, uint64_t end, struct track *t, int depth);

static const struct box_rule {
	const char *type;
	bool holds_boxes;
	enum err (*check)(struct check *c, const struct media_box *box);
	enum err (*take)(struct check *c, const struct media_box *box, struct track *t);
} rules[] = {
	{ "ftyp", .holds_boxes = false }, { "moov", .holds_boxes = true },
	{ "trak", .holds_boxes = true },  { "edts", .holds_boxes = true },
	{ "mdia", .holds_boxes = true },  { "minf", .holds_boxes = true },
	{ "dinf", .holds_boxes = true },  { "stbl", .holds_boxes = true },
	{ "mvhd", .check = check_dates }, { "tkhd", .check = check_dates },
	{ "mdhd", .check = check_dates }, { "hdlr", .check = check_handler },
	{ "udta", .check = check_notes }, { "dref", .check = check_reference },
	{ "free", .check = check_free },  { "stsd", .take = check_description },
	{ "stsz", .take = table_of },     { "stsc", .take = table_of },
	{ "stco", .take = table_of },     { "co64", .take = table_of },
	{ "elst", .holds_boxes = false }, { "vmhd", .holds_boxes = false },
	{ "smhd", .holds_boxes = false }, { "stts", .holds_boxes = false },
	{ "stss", .holds_boxes = false }, { "ctts", .holds_boxes = false },
	{ "sgpd", .holds_boxes = false }, { "sbgp", .holds_boxes = false },
	{ "mdat", .holds_boxes = false },
};

static const struct box_rule *rule_of(const char *type)
{
	for (size_t i = 0; i < COUNT_OF(rules); i++)
		if (str_eq(str_of(rules[i].type), str_of(type)))
			return &rules[i];
	return NULL;
}

static enum err check_box(struct check *c, const struct media_box *box, struct track *t, int depth)
{
	const struct box_rule *rule = rule_of(box->type);
	struct track own = { 0 };

	if (!rule || depth > DEPTH_MAX)
		return refuse(c, "a box that is not in our list");
	if (rule->check)
		TRY(rule->check(c, box));
	if (rule->take)
		TRY(rule->take(c, box, t));
	if (!rule->holds_boxes)
		return OK;
	if (!str_eq(str_of(box->type), S("trak")))
		return check_boxes(c, box->body, box->end, t, depth + 1);
	TRY(check_boxes(c, box->body, box->end, &own, depth + 1));
	return own.avc ? check_samples(c, &own) : OK;
}

static enum err check_boxes(struct check *c, uint64_t at, uint64_t end, struct track *t, int depth)
{
	struct media_box box;
	enum err e;

	while ((e = media_box_next(c->fd, &at, end, &box)) == OK)
		TRY(check_box(c, &box, t, depth));
	return e == E_NOTFOUND ? OK : refuse(c, "a box of a wrong length");
}

/* --- H.264: units of picture alone, so no text of an encoder, a camera or a caption */

static bool number_at(struct check *c, const struct media_box *box, uint64_t offset, size_t n,
		      uint64_t *ret)
{
	unsigned char p[8];

	if (box->body == 0 || box->body + offset + n > box->end ||
	    media_read_at(c->fd, box->body + offset, p, n) != n)
		return false;
	*ret = media_be(p, n);
	return true;
}

static enum err check_units(struct check *c, const struct track *t, uint64_t at, uint64_t size)
{
	uint64_t end = at + size;

	while (at < end) {
		unsigned char p[5];
		uint64_t n;
		int kind;

		if (end - at < t->length_n + 1 ||
		    media_read_at(c->fd, at, p, t->length_n + 1) != t->length_n + 1)
			return refuse(c, "a picture's unit of a wrong length");
		n = media_be(p, t->length_n);
		kind = p[t->length_n] & 31;
		at += t->length_n;
		if (n == 0 || n > end - at)
			return refuse(c, "a picture's unit of a wrong length");
		if (kind < 1 || kind > 8 || kind == 6)
			return refuse(c, "notes among the pictures");
		at += n;
	}
	return OK;
}

/* Samples lie in chunks; runs of stsc say how many in each from a chunk on. */
struct runs {
	uint64_t i, n, per_chunk, next_first;
};

static bool run_for(struct check *c, const struct track *t, struct runs *r, uint64_t chunk)
{
	while (chunk + 1 >= r->next_first && r->i < r->n) {
		if (!number_at(c, &t->stsc, 8 + r->i * 12 + 4, 4, &r->per_chunk))
			return false;
		r->i++;
		r->next_first = UINT64_MAX;
		if (r->i < r->n && !number_at(c, &t->stsc, 8 + r->i * 12, 4, &r->next_first))
			return false;
	}
	return r->per_chunk > 0;
}

static enum err check_samples(struct check *c, const struct track *t)
{
	const struct media_box *offsets = t->co64.body ? &t->co64 : &t->stco;
	size_t width = t->co64.body ? 8 : 4;
	uint64_t fixed, samples, chunks, done = 0, at, size;
	struct runs r = { 0 };

	if (!t->length_n || !number_at(c, &t->stsz, 4, 4, &fixed) ||
	    !number_at(c, &t->stsz, 8, 4, &samples) || !number_at(c, offsets, 4, 4, &chunks) ||
	    !number_at(c, &t->stsc, 4, 4, &r.n))
		return refuse(c, "a track without its tables");
	for (uint64_t chunk = 0; chunk < chunks; chunk++) {
		if (!number_at(c, offsets, 8 + chunk * width, width, &at) ||
		    !run_for(c, t, &r, chunk))
			return refuse(c, "a track's tables");
		for (uint64_t k = 0; k < r.per_chunk && done < samples; k++, done++) {
			size = fixed;
			if (!size && !number_at(c, &t->stsz, 12 + done * 4, 4, &size))
				return refuse(c, "a track's tables");
			TRY(check_units(c, t, at, size));
			at += size;
		}
	}
	return done == samples ? OK : refuse(c, "a track's tables");
}

/* --- Ogg with Opus */

enum { PAGE_HEAD = 27, PAGE_MAX = PAGE_HEAD + 255 + 255 * 255 };

/* OpusTags: the library's name, no comment, nothing behind. */
static enum err check_tags(struct check *c, const unsigned char *p, size_t n)
{
	size_t vendor = n >= 16 ? (size_t)p[8] | (size_t)p[9] << 8 : SIZE_MAX;
	static const unsigned char none[4];

	if (n < 16 || memcmp(p, "OpusTags", 8) != 0 || p[10] || p[11] || vendor > 16 ||
	    n != 16 + vendor || memcmp(p + 12 + vendor, none, 4) != 0)
		return refuse(c, "a comment");
	if (vendor && memcmp(p + 12, "Lavf", MIN(vendor, 4)) != 0 &&
	    memcmp(p + 12, "ffmpeg", MIN(vendor, 6)) != 0)
		return refuse(c, "an encoder's name");
	return OK;
}

static enum err check_ogg(struct check *c, arena *a, uint64_t size)
{
	unsigned char *p = arena_alloc_raw(a, PAGE_MAX);
	unsigned char serial[4];
	uint64_t at = 0, page;

	for (page = 0; at < size; page++) {
		size_t n = media_read_at(c->fd, at, p, PAGE_MAX), head, body = 0;

		if (n < PAGE_HEAD || memcmp(p, "OggS", 4) != 0 || n < PAGE_HEAD + (size_t)p[26])
			return refuse(c, "something between the pages");
		head = PAGE_HEAD + (size_t)p[26];
		for (size_t i = PAGE_HEAD; i < head; i++)
			body += p[i];
		if (head + body > n)
			return refuse(c, "a page that is cut");
		if (page == 0)
			memcpy(serial, p + 14, 4);
		if (memcmp(serial, p + 14, 4) != 0)
			return refuse(c, "a second stream");
		if (page == 0 && (body != 19 || memcmp(p + head, "OpusHead", 8) != 0))
			return refuse(c, "a stream that is not Opus");
		if (page == 1)
			TRY(check_tags(c, p + head, body));
		at += head + body;
	}
	return page >= 2 ? OK : refuse(c, "no sound");
}

/* --- JPEG */

enum { SOI = 0xd8, EOI = 0xd9, SOS = 0xda, APP0 = 0xe0 };

static bool segment_allowed(unsigned marker, const unsigned char *p, size_t n)
{
	switch (marker) {
	case APP0: return n == 16 && memcmp(p + 2, "JFIF", 5) == 0 && p[14] == 0 && p[15] == 0;
	case 0xc0: /* SOF0, SOF1, SOF2 */
	case 0xc1:
	case 0xc2:
	case 0xc4: /* DHT */
	case 0xdb: /* DQT */
	case 0xdd: /* DRI */
	case SOS: return true;
	default: return false;
	}
}

/* Behind the coded picture that begins at I: the next marker that is not a restart. */
static size_t behind_scan(const unsigned char *p, size_t i, size_t n)
{
	while (i + 1 < n && (p[i] != 0xff || p[i + 1] == 0 || (p[i + 1] & 0xf8) == 0xd0))
		i++;
	return i;
}

static enum err check_jpeg(struct check *c, arena *a, uint64_t size)
{
	enum { PICTURE_MAX = 16 << 20 };
	unsigned char *p;
	size_t n = (size_t)size, i = 2;

	if (size < 4 || size > PICTURE_MAX)
		return refuse(c, "a picture of no usual size");
	p = arena_alloc_raw(a, n);
	if (media_read_at(c->fd, 0, p, n) != n || p[0] != 0xff || p[1] != SOI)
		return refuse(c, "no picture");
	while (n - i >= 4 && p[i] == 0xff && p[i + 1] != EOI) {
		size_t length = (size_t)media_be(p + i + 2, 2);

		if (length < 2 || length > n - i - 2)
			return refuse(c, "a segment of a wrong length");
		if (!segment_allowed(p[i + 1], p + i + 2, length))
			return refuse(c, "a segment that is not in our list");
		i += 2 + length;
		if (p[i - length - 1] == SOS)
			i = behind_scan(p, i, n);
	}
	return n - i == 2 && p[i] == 0xff && p[i + 1] == EOI
		       ? OK
		       : refuse(c, "bytes behind the picture");
}

enum err media_clean(arena *a, int fd, enum media_container container, const char **ret_what)
{
	struct check c = { .fd = fd };
	struct track none = { 0 };
	struct stat st;
	enum err e;

	*ret_what = NULL;
	if (fstat(fd, &st) != 0)
		return E_IO;
	switch (container) {
	case MEDIA_MP4:
		e = st.st_size ? check_boxes(&c, 0, (uint64_t)st.st_size, &none, 0)
			       : refuse(&c, "nothing");
		break;
	case MEDIA_OGG: e = check_ogg(&c, a, (uint64_t)st.st_size); break;
	case MEDIA_JPEG: e = check_jpeg(&c, a, (uint64_t)st.st_size); break;
	default: e = refuse(&c, "a kind of file that we do not make");
	}
	*ret_what = c.what;
	return e;
}
