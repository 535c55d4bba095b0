#include "base/log.h"
#include "base/map.h"
#include "http/assets.h"
#include "http/encoding.h"
#include "http/reply.h"

url asset_url(str name)
{
	char path[128];
	int n = snprintf(path, sizeof path, "assets/%.*s", STR_A(name));
	const struct embed_file *f = n > 0 && (size_t)n < sizeof path
					     ? embed_find((str){ path, (size_t)n })
					     : NULL;

	if (!f) {
		log_error("there is no asset %.*s", STR_A(name));
		abort();
	}
	return (url){ f->address };
}

static const struct {
	str ending, type;
} types[] = {
	{ S_INIT(".css"), S_INIT("text/css; charset=utf-8") },
	{ S_INIT(".js"), S_INIT("text/javascript; charset=utf-8") },
	{ S_INIT(".svg"), S_INIT("image/svg+xml; charset=utf-8") },
	{ S_INIT(".png"), S_INIT("image/png") },
	{ S_INIT(".jpg"), S_INIT("image/jpeg") },
	{ S_INIT(".webp"), S_INIT("image/webp") },
	{ S_INIT(".ico"), S_INIT("image/x-icon") },
	{ S_INIT(".txt"), S_INIT("text/plain; charset=utf-8") },
	{ S_INIT(".xml"), S_INIT("application/xml; charset=utf-8") },
	{ S_INIT(".json"), S_INIT("application/json") },
	{ S_INIT(".webmanifest"), S_INIT("application/manifest+json") },
};

str http_type_of(str name)
{
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (str_ends(name, types[i].ending))
			return types[i].type;
	return S("application/octet-stream");
}

struct asset {
	struct http_reply *plain, *gzip, *brotli; /* NULL where packing saves nothing */
};

struct http_assets {
	arena *a;
	struct map places; /* address to index */
	VEC(struct asset) list;
};

/* NULL when it is hardly smaller than the file. */
static struct http_reply *packed_reply(struct http_res *res, arena *a, const struct embed_file *f,
				       str packed, enum packing packing)
{
	bool saves = packed.n && packed.n + packed.n / 8 < f->bytes.n;

	res->compress |= saves;
	return saves ? reply_new(res, a, (struct reply_body){ packed, packing, false }, true)
		     : NULL;
}

static struct asset prepare(arena *a, struct gzip *z, const struct embed_file *f,
			    const struct http_header *headers, size_t headers_n)
{
	struct asset asset = { 0 };
	struct http_res res;

	http_res_init(&res, a);
	for (size_t i = 0; i < headers_n; i++)
		http_res_header(&res, arena_cstr(a, headers[i].name), headers[i].value);
	http_res_header(&res, "Content-Type", http_type_of(f->path));
	http_res_header(&res, "Cache-Control", S("public, max-age=31536000, immutable"));
	res.etag = f->hash;
	res.compress = false;
	asset.gzip = packed_reply(&res, a, f, gzip_pack(z, f->bytes), PACKING_GZIP);
	asset.brotli = packed_reply(&res, a, f, brotli_pack(a, f->bytes), PACKING_BROTLI);
	asset.plain = reply_new(&res, a, (struct reply_body){ f->bytes, PACKING_NONE, true },
				false);
	return asset;
}

struct http_assets *http_assets_new(const struct embed_file *files, size_t n,
				    const struct http_header *headers, size_t headers_n)
{
	struct http_assets *assets = mem_alloc(sizeof *assets);
	struct gzip *z = gzip_new(GZIP_ASSET);

	assets->a = arena_new();
	for (size_t i = 0; i < n; i++) {
		if (files[i].address.n == 0)
			continue;
		*map_put(assets->a, &assets->places, files[i].address,
			 NULL) = (int64_t)assets->list.n;
		*vec_add(assets->a, &assets->list) = prepare(assets->a, z, &files[i], headers,
							     headers_n);
	}
	gzip_free(z);
	return assets;
}

void http_assets_free(struct http_assets *assets)
{
	if (!assets)
		return;
	vec_each (struct asset, one, &assets->list) {
		reply_unref(one->plain);
		reply_unref(one->gzip);
		reply_unref(one->brotli);
	}
	arena_free(assets->a);
	mem_free(assets);
}

struct http_reply *http_assets_find(const struct http_assets *assets, str target,
				    str accept_encoding)
{
	const int64_t *place = map_get(&assets->places, target);
	const struct asset *asset;

	if (!place)
		return NULL;
	asset = &assets->list.p[*place];
	if (asset->brotli && encoding_takes_brotli(accept_encoding))
		return asset->brotli;
	return asset->gzip && encoding_takes_gzip(accept_encoding) ? asset->gzip : asset->plain;
}
