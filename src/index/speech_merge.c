/* Moments of several documents of a video, put together by time. */
#include "index/speech_part.h"

uint32_t speech_alone(struct span *s, uint32_t n)
{
	uint32_t kept = 0, from = 0;

	for (uint32_t i = 0; i < n;) {
		uint32_t end = s[i].last, latest = s[i].first;

		if (latest < from) {
			i++;
			continue;
		}
		for (; i < n && s[i].last <= end; i++)
			latest = MAX(latest, s[i].first);
		s[kept++] = (struct span){ latest, end };
		from = end + 1;
	}
	return kept;
}

/* The spans of one document that are left. */
struct track {
	uint32_t at, end;
};

/* The moment begun last. */
struct open_moment {
	uint32_t end; /* milliseconds */
	uint64_t tracks;
};

/* Parts the spans by document; returns how many there are. */
static uint32_t part_tracks(const struct speech *sp, uint32_t video, const struct span *s,
			    uint32_t n, struct track *ret)
{
	uint32_t tracks = video_tracks(sp, video), from = video_cue(sp, video), at = 0;
	const uint32_t *cues = sp->document_cue + sp->video_document[video];

	for (uint32_t t = 0; t < tracks; t++) {
		ret[t].at = at;
		while (at < n && s[at].first + from < cues[t + 1])
			at++;
		ret[t].end = at;
	}
	return tracks;
}

uint32_t speech_merge(const struct speech *sp, uint32_t video, const struct span *s, uint32_t n,
		      uint32_t *ret)
{
	struct track tracks[SPEECH_TRACKS_MAX];
	uint32_t n_tracks = part_tracks(sp, video, s, n, tracks), moments = 0;
	const uint32_t *start = sp->cue_start + video_cue(sp, video);
	const uint32_t *end = sp->cue_end + video_cue(sp, video);
	struct open_moment open = { 0 };

	for (uint32_t i = 0; i < n; i++) {
		uint32_t next = n_tracks, at, begins;

		for (uint32_t t = 0; t < n_tracks; t++)
			if (tracks[t].at < tracks[t].end &&
			    (next == n_tracks ||
			     start[s[tracks[t].at].first] < start[s[tracks[next].at].first]))
				next = t;
		at = tracks[next].at++;
		begins = start[s[at].first];
		if (moments == 0 || begins >= open.end || open.tracks >> next & 1) {
			moments++;
			open = (struct open_moment){ MAX(end[s[at].last], begins + 1), 0 };
		}
		open.tracks |= (uint64_t)1 << next;
		if (ret)
			ret[at] = moments - 1;
	}
	return moments;
}
