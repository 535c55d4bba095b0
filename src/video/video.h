/*
 * The voices, core side: a video or a sound recording, who speaks in it and what they agreed to, its
 * tracks, its moments. Metadata come from a TOML or JSON file (docs/video.md lists the keys) and
 * replace, as a whole, what the same key said before.
 *
 * A video is public when it is not held, its people agreed to being shown on this site with name, face
 * and voice settled, its embargo is over, its consent has not ended, and there are captions in the
 * language spoken, or a reason why not.
 */
#ifndef VIDEO_VIDEO_H
#define VIDEO_VIDEO_H

#include <jansson.h>

#include "base/base.h"
#include "db/db.h"
#include "state/state.h"
#include "vocabulary/vocabulary.h"

struct voice_words {
	str field, lang, text;
};
typedef VEC(struct voice_words) voice_words;

struct voice_subject {
	str scheme, code; /* issue, sdg, state, recommendation */
};
typedef VEC(struct voice_subject) voice_subjects;

struct video_speaker {
	str key, name;                 /* name: as it may be shown; may be empty */
	voice_words function;          /* field "function" */
	str organisation;              /* its key, with its names; empty: none */
	voice_words organisation_name; /* field "name" */
	str state, starts, ends;       /* state: ISO code, p == NULL: none */
};

struct video_moment {
	str key;
	int64_t starts, ends; /* milliseconds */
	voice_words words;    /* title, synopsis, quote */
	voice_subjects subjects;
};

struct video_consent {
	bool known; /* the file has a consent table at all */
	str uses, name, face, voice, given, lang;
	int64_t embargo, expires, review; /* seconds since 1970 UTC; 0: none */
};

/* Where a track comes from, as the metadata say. */
struct video_origin {
	str lang, kind, origin, reviewer;
};

struct video_meta {
	str key, lang, recorded, licence, captions;
	bool sample, held, audio;
	bool clips;        /* a film of each moment besides */
	int64_t duration;  /* milliseconds; 0: not said */
	voice_words words; /* title, description, place */
	voice_subjects subjects;
	struct video_consent consent;
	VEC(struct video_speaker) speakers;
	VEC(struct video_moment) moments;
	VEC(struct video_origin) origins;
};

struct video_track {
	str kind, lang, origin, reviewer;
	bool reviewed;
	int64_t score;
	str vtt;
};

typedef VEC(str) video_digests;

struct video_medium {
	str form, digest, type;
	int64_t bytes, width, height;
};

/* What metadata are read against. */
struct video_known {
	struct states states;
	struct vocabularies vocabularies;
};
MUST enum err video_known_load(struct core *core, arena *a, struct video_known *ret);

/* --- Reading files of metadata, TOML or JSON: texts, tables of languages, and what is wrong with them. */

enum { META_TEXT_MAX = 64 << 10 }; /* bytes of one text */

/* A file while it is read: complaints are gathered, so that a person mends all of them at once. */
struct meta_reader {
	arena *a;
	const struct video_known *known; /* NULL where no codes are read */
	buf *why;                        /* a line each */
	bool bad;
};

__attribute__((format(printf, 2, 3))) void meta_complain(struct meta_reader *r, const char *format,
							 ...);

/* The trimmed text under KEY; empty where there is none. Lives in the reader's arena, as all below. */
str meta_text(struct meta_reader *r, json_t *in, const char *key);
bool meta_bool(struct meta_reader *r, json_t *in, const char *key);

/* title = "..." (in the language LANG) or title = { en = "...", fr = "..." }, added to RET under KEY. */
void meta_words(struct meta_reader *r, json_t *in, const char *key, str lang, voice_words *ret);

/* Complains of each key of IN that is none of KNOWN, which ends with NULL. WHERE: "consent." or so; empty: the file. */
void meta_other_keys(struct meta_reader *r, json_t *in, const char *where,
		     const char *const *known);

/* Reads metadata. E_INVALID: WHY has a line for each thing that is wrong, with its place in the file. Views
 * live in A. */
MUST enum err video_meta_read(arena *a, json_t *file, const struct video_known *known,
			      struct video_meta *ret, buf *why);

/* A time as people write it: 90, "1:30", "00:01:30.5". -1: none of these. Milliseconds. */
int64_t video_time(str s);

/* A language's code, such as "fr" or "pt-BR": two or three letters, parts of up to eight. */
bool video_lang_is_code(str lang);

/* The title in the first of the languages there is: for messages. */
str video_title(const struct video_meta *m);

/* What goes into the store beside the texts. */
struct video_files {
	const struct video_medium *media; /* there already */
	size_t n;
	str source; /* the digest of what these are to be made of */
	const str *forms;
	size_t n_forms;
	int64_t duration; /* of them, milliseconds; 0: not known */
	bool audio, held;
};

/* Stores metadata, tracks and files in a transaction of its own; replaces what the same key had, keeps its code,
 * and the codes of moments with the same key. Tracks that are not given stay; files stay when none are given.
 * DATA: the data directory; files that nothing uses any more are deleted from it. M: what FILES say is put in. */
MUST enum err video_put(struct core *core, arena *a, str data, struct video_meta *m,
			const struct video_track *tracks, size_t n, const struct video_files *files,
			int64_t *ret_id, str *ret_code);

MUST enum err video_any(struct core *core, arena *a, bool *ret); /* whether there are videos */

/* --- Files. */

struct video_file {
	str name, bytes; /* the name without folders */
};

bool video_track_kind(str kind); /* captions, subtitles, descriptions, chapters */
str video_stem(str name);        /* "talk" of "talk.fr.vtt" */

/* TOML or JSON as a value that the caller gives back with json_decref. E_INVALID: WHY says where it is neither. */
MUST enum err video_meta_json(str text, json_t **ret, buf *why);

/* Metadata as TOML or JSON; E_INVALID as video_meta_read. */
MUST enum err video_meta_text(arena *a, str text, const struct video_known *known,
			      struct video_meta *ret, buf *why);

/* Subtitles of any format as T's text and score; lang and kind are set before. DURATION: milliseconds, 0. */
struct sub_file;
struct sub_quality;
MUST enum err video_track_text(arena *a, str bytes, int64_t duration, struct video_track *t,
			       struct sub_file **ret_file, struct sub_quality *ret_quality,
			       buf *why);

/* Where T comes from, when M says it; otherwise it stays as it is. */
void video_track_origin(const struct video_meta *m, struct video_track *t);

/* Our metadata from a file of YouTube's, for json_decref; NULL: it is none. */
json_t *video_youtube_meta(json_t *file);

/* Its chapters as WebVTT; empty: none. Lives in A. */
str video_youtube_chapters(arena *a, json_t *file);

/* The metadata of the file META in a folder with FILES: where talk.info.json of YouTube's stands beside talk.toml,
 * it fills in what that leaves out; alone it is the metadata. CHAPTERS: those it has, p == NULL: none. */
MUST enum err video_group_meta(arena *a, const struct video_file *meta,
			       const struct video_file *files, size_t n,
			       const struct video_known *known, struct video_meta *ret,
			       str *ret_chapters, buf *why);

/* Whether the file META in a folder with FILES only adds to another one of its name. */
bool video_group_is_aside(const struct video_file *meta, const struct video_file *files, size_t n);

/* Where the last cue ends: how long a video is of which nothing else says it. */
int64_t video_last_words(arena *a, const struct video_track *tracks, size_t n);

/* Stores what NAME's file says, read into M, with those of TEXTS that belong to it by their names (see
 * video_group_import.c). E_INVALID: WHY says why, and nothing was stored. */
MUST enum err video_group_put(struct core *core, arena *a, str data, str name, struct video_meta *m,
			      const struct video_file *texts, size_t n,
			      const struct video_files *files, int64_t *ret_id, str *ret_code,
			      buf *why);

/* Why a video is not public, as a stable code: "held", "no-consent", "not-agreed", "embargo", "expired",
 * "no-captions"; NULL: it is. NOW in seconds since 1970 UTC. */
const char *video_hidden_why(bool held, const struct video_consent *c, bool captioned, int64_t now);

/* --- What is said about a thing, a language each; also for slices that stand on the voices. KIND: "video",
 * "moment", "series", ...; THING: its id. */

/* Replaces what was said; no words: nothing is. */
MUST enum err video_words_put(struct core *core, str kind, int64_t thing, const voice_words *words);
MUST enum err video_words_of(struct core *core, arena *a, str kind, int64_t thing,
			     voice_words *ret);
/* For the publisher: on the public side, added to what is there; and in one fixed spelling. */
MUST enum err video_words_publish(struct publish *out, str kind, int64_t thing,
				  const voice_words *words);
void video_words_spell(buf *o, const voice_words *words);

/* The same of a stored video. E_NOTFOUND: there is none. */
MUST enum err video_hidden(struct core *core, arena *a, int64_t id, int64_t now, const char **ret);

/* When that will change by the clock alone; 0: never. */
int64_t video_clock(const struct video_consent *c, int64_t now);

/* How many videos' time has come, and telling the publisher of them. */
MUST enum err video_count_due(struct core *core, arena *a, int64_t now, size_t *ret);
MUST enum err video_wake(struct core *core, arena *a, int64_t now, size_t *ret);

/* Withdraws what the ledger names and the store still has: after a store was put back, and after a process that ended
 * between the two. *RET: how many were there. */
MUST enum err video_ledger_apply(struct core *core, arena *a, str data, size_t *ret);

#endif
