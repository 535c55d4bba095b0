/*
 * embed ROOT OUT.h OUT.c FILE...: makes a C table of the bytes of FILEs, which lie below ROOT, so that
 * they travel inside the program.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <sodium.h>

#include "base/base.h"

enum { FILE_MAX = 64 << 20, BYTES_A_LINE = 100, LARGE = 32 << 10 };

static const char header[] =
	"/* Made by tools/embed.c. */\n"
	"#ifndef EMBED_GEN_H\n#define EMBED_GEN_H\n\n#include \"base/base.h\"\n\n"
	"struct embed_file {\n"
	"\tstr path;    /* below the root of the project: \"assets/tribune.css\" */\n"
	"\tstr bytes;\n"
	"\tstr hash;    /* the first 16 hex digits of its SHA-256 */\n"
	"\tstr address; /* of a file in assets/: \"/assets/tribune-HASH.css\"; else empty */\n"
	"};\n\n"
	"extern const struct embed_file embed_files[];\n"
	"extern const size_t embed_count;\n\n"
	"/* The file at PATH, or NULL. */\n"
	"const struct embed_file *embed_find(str path);\n\n#endif\n";

static const char finder[] = "const struct embed_file *embed_find(str path)\n{\n"
			     "\tfor (size_t i = 0; i < embed_count; i++)\n"
			     "\t\tif (str_eq(embed_files[i].path, path))\n"
			     "\t\t\treturn &embed_files[i];\n"
			     "\treturn NULL;\n}\n";

static _Noreturn void fail(const char *what, const char *path)
{
	fprintf(stderr, "embed: %s: %s\n", path, what);
	exit(1);
}

static str file_read(arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	buf b = buf_new(a, FILE_MAX);
	size_t n = 1;

	if (!f)
		fail("cannot be opened", path);
	for (char *to; n && (to = buf_room(&b, 1 << 16)); buf_wrote(&b, n))
		n = fread(to, 1, 1 << 16, f);
	if (ferror(f) || b.err != OK)
		fail("cannot be read, or is too big", path);
	fclose(f);
	return buf_str(&b);
}

/* Octal escapes have three digits at most, so a digit may follow one. */
static void literal_write(FILE *out, str s)
{
	fputs("\t  S_INIT(\"", out);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool plain = c >= ' ' && c < 0x7F && c != '"' && c != '\\' && c != '?';

		if (i && i % BYTES_A_LINE == 0)
			fputs("\"\n\t\t\"", out);
		fprintf(out, plain ? "%c" : "\\%03o", c);
	}
	fputs("\"),\n", out);
}

/* Films are not written as text: the assembler takes them from where they lie, in no time and no memory, where
 * the compiler needs a second and 30 bytes a byte. The hash below makes the table a new one when they change. */
static bool is_large(str bytes)
{
	return bytes.n > LARGE;
}

static void large_write(FILE *out, const char *path, int i)
{
	fprintf(out,
		"__asm__(\".section .rodata\\n.global embed_large_%d\\nembed_large_%d:\\n\"\n"
		"\t\".incbin \\\"%s\\\"\\n.byte 0\\n.previous\");\n"
		"extern const char embed_large_%d[];\n\n",
		i, i, path, i);
}

static void file_write(FILE *out, str path, str bytes, int i)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	char hash[17], address[PATH_MAX + 32] = "";
	size_t dot = str_find_byte_last(path, '.');

	crypto_hash_sha256(sum, (const unsigned char *)bytes.p, bytes.n);
	sodium_bin2hex(hash, sizeof hash, sum, 8);
	dot = dot == STR_NONE ? path.n : dot;
	if (str_starts(path, S("assets/")))
		snprintf(address, sizeof address, "/%.*s-%s%.*s", STR_A(str_to(path, dot)), hash,
			 STR_A(str_from(path, dot)));
	fputs("\t{\n", out);
	literal_write(out, path);
	if (is_large(bytes))
		fprintf(out, "\t  { embed_large_%d, %zu },\n", i, bytes.n);
	else
		literal_write(out, bytes);
	literal_write(out, str_of(hash));
	literal_write(out, str_of(address));
	fputs("\t},\n", out);
}

int main(int argc, char **argv)
{
	arena *a = arena_new();
	char *root = argc < 5 ? NULL : realpath(argv[1], NULL);
	size_t root_n = root ? strlen(root) : 0;
	FILE *h, *c;

	if (!root || !(h = fopen(argv[2], "w")) || !(c = fopen(argv[3], "w")))
		fail("embed ROOT OUT.h OUT.c FILE...", "usage");
	fputs(header, h);
	fputs("/* Made by tools/embed.c. */\n#include \"embed_gen.h\"\n\n", c);
	for (int i = 4; i < argc; i++) {
		char *path = realpath(argv[i], NULL);

		if (path && is_large(file_read(a, path)))
			large_write(c, path, i);
		free(path);
	}
	fputs("const struct embed_file embed_files[] = {\n", c);
	for (int i = 4; i < argc; i++) {
		char *path = realpath(argv[i], NULL);

		if (!path || strncmp(path, root, root_n) != 0 || path[root_n] != '/')
			fail("not a file below ROOT", argv[i]);
		file_write(c, str_of(path + root_n + 1), file_read(a, path), i);
		free(path);
	}
	fprintf(c, "};\n\nconst size_t embed_count = COUNT_OF(embed_files);\n\n%s", finder);
	if (fclose(h) || fclose(c))
		fail("cannot be written", argv[3]);
	free(root);
	arena_free(a);
	return 0;
}
