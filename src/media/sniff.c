#include "media/media.h"
#include "media/part.h"

static bool at(str head, size_t place, str what)
{
	return str_starts(str_from(head, place), what);
}

/* Names of the boxes that an MP4 or MOV may begin with. */
static bool begins_with_box(str head)
{
	static const str first[] = { S_INIT("ftyp"), S_INIT("moov"), S_INIT("mdat"), S_INIT("wide"),
				     S_INIT("free"), S_INIT("skip"), S_INIT("pnot") };

	for (size_t i = 0; i < COUNT_OF(first); i++)
		if (at(head, 4, first[i]))
			return true;
	return false;
}

/* Layer, bit rate and sampling rate of a frame's header must be ones that exist. */
static bool begins_with_mp3(str head)
{
	const unsigned char *p = (const unsigned char *)head.p;

	if (str_starts(head, S("ID3")))
		return true;
	return head.n >= 4 && p[0] == 0xff && (p[1] & 0xe0) == 0xe0 && (p[1] & 0x18) != 0x08 &&
	       (p[1] & 0x06) == 0x02 && (p[2] & 0xf0) != 0xf0 && (p[2] & 0x0c) != 0x0c;
}

/* Packets of 188 bytes, of 192 on cameras, each with its mark. */
static bool begins_with_packets(str head)
{
	for (size_t step = 188, from = 0; step <= 192; step += 4, from += 4)
		if (head.n > from + 4 * step && head.p[from] == 0x47 &&
		    head.p[from + step] == 0x47 && head.p[from + 2 * step] == 0x47 &&
		    head.p[from + 3 * step] == 0x47)
			return true;
	return false;
}

static bool names_files(str head)
{
	static const str marks[] = { S_INIT("#EXT"),       S_INIT("ffconcat"),
				     S_INIT("<MPD"),       S_INIT("<?xml"),
				     S_INIT("v=0"),        S_INIT("file "),
				     S_INIT("[playlist]"), S_INIT("<SmoothStreamingMedia") };
	str text = at(head, 0, S("\xef\xbb\xbf")) ? str_from(head, 3) : head;

	text = str_trim(text);
	for (size_t i = 0; i < COUNT_OF(marks); i++)
		if (str_eq_nocase(str_to(text, marks[i].n), marks[i]))
			return true;
	return str_find(head, S("#EXTM3U")) != STR_NONE;
}

enum media_container media_sniff(str head)
{
	if (begins_with_box(head))
		return MEDIA_MP4;
	if (at(head, 0, S("\x1a\x45\xdf\xa3")))
		return MEDIA_WEBM;
	if (at(head, 0, S("OggS")))
		return MEDIA_OGG;
	if ((at(head, 0, S("RIFF")) || at(head, 0, S("RF64"))) && at(head, 8, S("WAVE")))
		return MEDIA_WAV;
	if (begins_with_packets(head))
		return MEDIA_MPEGTS;
	if (begins_with_mp3(head))
		return MEDIA_MP3;
	if (at(head, 0, S("\xff\xd8\xff")))
		return MEDIA_JPEG;
	return names_files(head) ? MEDIA_PLAYLIST : MEDIA_NONE;
}

static const struct {
	const char *name, *demuxer, *endings;
} containers[] = {
	[MEDIA_NONE] = { "nothing that we know", NULL, "" },
	[MEDIA_MP4] = { "MP4", "mov", "mp4 m4v m4a mov qt 3gp 3g2" },
	[MEDIA_WEBM] = { "WebM", "matroska", "webm mkv mka" },
	[MEDIA_OGG] = { "Ogg", "ogg", "ogg oga ogv opus" },
	[MEDIA_MP3] = { "MP3", "mp3", "mp3" },
	[MEDIA_WAV] = { "WAV", "wav", "wav wave" },
	[MEDIA_MPEGTS] = { "MPEG-TS", "mpegts", "ts mts m2ts" },
	[MEDIA_JPEG] = { "JPEG", NULL, "" },
	[MEDIA_PLAYLIST] = { "a playlist", NULL, "" },
};

const char *media_container_name(enum media_container container)
{
	return containers[container].name;
}

const char *media_demuxer(enum media_container container)
{
	return containers[container].demuxer;
}

bool media_name_fits(enum media_container container, str name)
{
	size_t point = str_find_byte_last(name, '.');
	str ending = point == STR_NONE ? S("") : str_from(name, point + 1);

	if (ending.n == 0)
		return true;
	for (str rest = str_of(containers[container].endings); rest.p;)
		if (str_eq_nocase(str_cut(&rest, ' '), ending))
			return true;
	return false;
}

static const struct {
	const char *code, *text;
} refusals[] = {
	[MEDIA_TAKEN] = { "taken", "The file is taken." },
	[MEDIA_EMPTY] = { "empty", "The file is empty." },
	[MEDIA_NOT_MEDIA] = { "not-media", "The file is neither a film nor a sound of a kind that "
					   "is taken: MP4, MOV, "
					   "WebM, Matroska, Ogg, MP3, WAV, MPEG-TS." },
	[MEDIA_NAMES_FILES] = { "playlist", "The file is a list that names other files; give the "
					    "film itself." },
	[MEDIA_WRONG_NAME] = { "wrong-name",
			       "The file is of another kind than the ending of its name says." },
	[MEDIA_TRUNCATED] = { "truncated",
			      "The file ends before its film does; copy it again, all of it." },
	[MEDIA_DAMAGED] = { "unreadable",
			    "The file cannot be read: it is damaged, or coded in a way that is not "
			    "taken." },
	[MEDIA_NO_STREAMS] = { "no-streams", "The file holds neither a picture nor a sound." },
	[MEDIA_MANY_STREAMS] = { "many-streams", "The file holds more than 32 tracks." },
	[MEDIA_TOO_LONG] = { "too-long", "The film is longer than 4 hours; cut it into parts." },
	[MEDIA_TOO_LARGE] = { "too-large", "The picture is larger than 4096 pixels a side." },
	[MEDIA_TOO_FAST] = { "too-fast", "The film has more than 60 pictures a second." },
	[MEDIA_CODEC] = { "codec", "The film or its sound is coded in a way that is not taken." },
	[MEDIA_NOT_CLEAN] = { "not-clean", "What was made of the file still holds more than "
					   "picture and sound, so it "
					   "is not used." },
	[MEDIA_NO_FFMPEG] = { "no-ffmpeg", "Films need ffmpeg, which is not on this machine: "
					   "install the package "
					   "ffmpeg." },
	[MEDIA_NO_SANDBOX] = { "no-sandbox",
			       "This system has no Landlock, so films cannot be read safely." },
	[MEDIA_FAILED] = { "failed", "ffmpeg could not work on the file, or took too long." },
};

const char *media_refusal_code(enum media_refusal why)
{
	return refusals[why].code;
}

const char *media_refusal_text(enum media_refusal why)
{
	return refusals[why].text;
}
