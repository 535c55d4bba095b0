/* Files as they are found, each with what must come out of it: no word is lost or rewritten, and what cannot be kept is
 * told. A line a cue: its times, its words, / where a line ends. TOLD: the repairs; "refused": with that sentence. */
#include "base/utf8.h"
#include "subtitle/subtitle.h"
#include "tests/tap.h"

struct dirty {
	const char *what;
	str file;
	const char *wanted, *told;
};

static const struct dirty all[] = {
	{ "UTF-8 with a mark",
	  S_INIT("\357\273\2771\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "D\303\251j\303\240 l'\303\251t\303\251, \303\240 Gen\303\250ve\n"),
	  "1000-2000 D\303\251j\303\240 l'\303\251t\303\251, \303\240 Gen\303\250ve\n", "" },
	{ "UTF-8 with two marks",
	  S_INIT("\357\273\277\357\273\2771\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "D\303\251j\303\240 l'\303\251t\303\251, \303\240 Gen\303\250ve\n"),
	  "1000-2000 D\303\251j\303\240 l'\303\251t\303\251, \303\240 Gen\303\250ve\n", "" },
	{ "UTF-16, little end first, with a mark",
	  S_INIT("\377\3761\000\n"
		 "\0000\0000\000:\0000\0000\000:\0000\0001\000,\0000\0000\0000\000 "
		 "\000-\000-\000>\000 "
		 "\0000\0000\000:\0000\0000\000:\0000\0002\000,\0000\0000\0000\000\n"
		 "\000D\000\351\000j\000\340\000 \000l\000'\000\351\000t\000\351\000,\000 "
		 "\000\340\000 \000G\000e\000n\000\350\000v\000e\000\n"
		 "\000"),
	  "1000-2000 D\303\251j\303\240 l'\303\251t\303\251, \303\240 Gen\303\250ve\n", "" },
	{ "UTF-16, big end first, with a mark",
	  S_INIT("\376\377\0001\000\n"
		 "\0000\0000\000:\0000\0000\000:\0000\0001\000,\0000\0000\0000\000 "
		 "\000-\000-\000>\000 "
		 "\0000\0000\000:\0000\0000\000:\0000\0002\000,\0000\0000\0000\000\n"
		 "\000D\000\351\000j\000\340\000 \000l\000'\000\351\000t\000\351\000,\000 "
		 "\000\340\000 \000G\000e\000n\000\350\000v\000e\000\n"),
	  "1000-2000 D\303\251j\303\240 l'\303\251t\303\251, \303\240 Gen\303\250ve\n", "" },
	{ "UTF-16 without a mark",
	  S_INIT("1\000\n"
		 "\0000\0000\000:\0000\0000\000:\0000\0001\000,\0000\0000\0000\000 "
		 "\000-\000-\000>\000 "
		 "\0000\0000\000:\0000\0000\000:\0000\0002\000,\0000\0000\0000\000\n"
		 "\000D\000\351\000j\000\340\000 \000l\000'\000\351\000t\000\351\000,\000 "
		 "\000\340\000 \000G\000e\000n\000\350\000v\000e\000\n"
		 "\0002\000\n"
		 "\0000\0000\000:\0000\0000\000:\0000\0003\000,\0000\0000\0000\000 "
		 "\000-\000-\000>\000 "
		 "\0000\0000\000:\0000\0000\000:\0000\0004\000,\0000\0000\0000\000\n"
		 "\000e\000n\000c\000o\000r\000e\000\n"
		 "\000"),
	  "it is none of WebVTT, SRT, SBV, TTML and ASS", "refused" },
	{ "UTF-16, an odd number of bytes",
	  S_INIT("\377\3761\000\n"
		 "\0000\0000\000:\0000\0000\000:\0000\0001\000,\0000\0000\0000\000 "
		 "\000-\000-\000>\000 "
		 "\0000\0000\000:\0000\0000\000:\0000\0002\000,\0000\0000\0000\000\n"
		 "\000a\000b\000\n"
		 "\000\n"),
	  "1000-2000 ab/\357\277\275\n", "" },
	{ "Windows-1252, with quotes and a euro",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "\223D\351j\340\224 co\373te 5 \200 \227 l\222\351t\351\n"),
	  "1000-2000 \342\200\234D\303\251j\303\240\342\200\235 co\303\273te 5 \342\202\254 "
	  "\342\200\224 l\342\200\231\303\251t\303\251\n",
	  "charset" },
	{ "Windows-1251, Russian",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "\314\373 \355\340\357\350\361\340\353\350 \342 "
		 "\354\350\355\350\361\362\345\360\361\362\342\356, \355\356 "
		 "\356\362\342\345\362\340 \355\345 \341\373\353\356\n"),
	  "1000-2000 \320\234\321\213 "
	  "\320\275\320\260\320\277\320\270\321\201\320\260\320\273\320\270 \320\262 "
	  "\320\274\320\270\320\275\320\270\321\201\321\202\320\265\321\200\321\201\321\202\320\262"
	  "\320\276, \320\275\320\276 \320\276\321\202\320\262\320\265\321\202\320\260 "
	  "\320\275\320\265 \320\261\321\213\320\273\320\276\n",
	  "charset" },
	{ "KOI8-R, Russian",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "\355\331 \316\301\320\311\323\301\314\311 \327 "
		 "\315\311\316\311\323\324\305\322\323\324\327\317, \316\317 "
		 "\317\324\327\305\324\301 \316\305 \302\331\314\317\n"),
	  "1000-2000 \320\234\321\213 "
	  "\320\275\320\260\320\277\320\270\321\201\320\260\320\273\320\270 \320\262 "
	  "\320\274\320\270\320\275\320\270\321\201\321\202\320\265\321\200\321\201\321\202\320\262"
	  "\320\276, \320\275\320\276 \320\276\321\202\320\262\320\265\321\202\320\260 "
	  "\320\275\320\265 \320\261\321\213\320\273\320\276\n",
	  "charset" },
	{ "Windows-1256, Arabic",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "\337\312\310\344\307 \305\341\354 \307\341\346\322\307\321\311 \346\341\343 "
		 "\312\314\310 \332\341\354 \321\323\307\341\312\344\307\n"),
	  "1000-2000 \331\203\330\252\330\250\331\206\330\247 \330\245\331\204\331\211 "
	  "\330\247\331\204\331\210\330\262\330\247\330\261\330\251 \331\210\331\204\331\205 "
	  "\330\252\330\254\330\250 \330\271\331\204\331\211 "
	  "\330\261\330\263\330\247\331\204\330\252\331\206\330\247\n",
	  "charset" },
	{ "GB 18030, Chinese",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "\316\322\303\307\270\370\262\277\316\257\320\264\320\305\243\254\265\253\312\307"
		 "\313\373\303\307\303\273\323\320\273\330\264\360\316\322\303\307\265\304\316\312"
		 "\314\342\241\243\n"),
	  "1000-2000 "
	  "\346\210\221\344\273\254\347\273\231\351\203\250\345\247\224\345\206\231\344\277\241\357"
	  "\274\214\344\275\206\346\230\257\344\273\226\344\273\254\346\262\241\346\234\211\345\233"
	  "\236\347\255\224\346\210\221\344\273\254\347\232\204\351\227\256\351\242\230\343\200\202"
	  "\n",
	  "charset" },
	{ "Shift_JIS, Japanese",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "\216\204\202\275\202\277\202\315\217\310\202\311\216\350\216\206\202\360\217\221"
		 "\202\253\202\334\202\265\202\275\202\252\201A\225\324\216\226\202\315\202\240\202"
		 "\350\202\334\202\271\202\361\202\305\202\265\202\275\201B\n"),
	  "1000-2000 "
	  "\347\247\201\343\201\237\343\201\241\343\201\257\347\234\201\343\201\253\346\211\213\347"
	  "\264\231\343\202\222\346\233\270\343\201\215\343\201\276\343\201\227\343\201\237\343\201"
	  "\214\343\200\201\350\277\224\344\272\213\343\201\257\343\201\202\343\202\212\343\201\276"
	  "\343\201\233\343\202\223\343\201\247\343\201\227\343\201\237\343\200\202\n",
	  "charset" },
	{ "UTF-8 that was taken for Latin and written again",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "D\303\203\302\251j\303\203\302\240 l'\303\203\302\251t\303\203\302\251\n"),
	  "1000-2000 D\303\203\302\251j\303\203\302\240 l'\303\203\302\251t\303\203\302\251\n",
	  "" },
	{ "UTF-8 with one byte that is none",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "caf\303\251 th\303\251 \303\251t\303\251 no\303\253l gar\303\247on h\303\264te "
		 "\303\242me \303\256le na\303\257f o\303\271 \351 fin\n"),
	  "1000-2000 caf\303\251 th\303\251 \303\251t\303\251 no\303\253l gar\303\247on "
	  "h\303\264te \303\242me \303\256le na\303\257f o\303\271 \357\277\275 fin\n",
	  "charset" },
	{ "line ends of Windows",
	  S_INIT("1\r\n"
		 "00:00:01,000 --> 00:00:02,000\r\n"
		 "one\r\n"
		 "two\r\n"
		 "\r\n"
		 "2\r\n"
		 "00:00:03,000 --> 00:00:04,000\r\n"
		 "three\r\n"),
	  "1000-2000 one/two\n"
	  "3000-4000 three\n",
	  "" },
	{ "line ends of old Macs",
	  S_INIT("1\r00:00:01,000 --> 00:00:02,000\rone\rtwo\r\r2\r00:00:03,000 --> "
		 "00:00:04,000\rthree\r"),
	  "1000-2000 one/two\n"
	  "3000-4000 three\n",
	  "" },
	{ "line ends of all kinds",
	  S_INIT("1\r\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "one\rtwo\r\n"
		 "\n"
		 "2\r00:00:03,000 --> 00:00:04,000\r\n"
		 "three\n"),
	  "1000-2000 one/two\n"
	  "3000-4000 three\n",
	  "" },
	{ "doubled carriage returns",
	  S_INIT("1\r\r\n"
		 "00:00:01,000 --> 00:00:02,000\r\r\n"
		 "one\r\r\n"
		 "\r\r\n"
		 "2\r\r\n"
		 "00:00:03,000 --> 00:00:04,000\r\r\n"
		 "two\r\r\n"),
	  "1000-2000 one\n"
	  "3000-4000 two\n",
	  "" },
	{ "no line end at the end",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "last words"),
	  "1000-2000 last words\n", "" },
	{ "line ends of Unicode in speech",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "one\342\200\250two\302\205three\n"),
	  "1000-2000 one\342\200\250two\302\205three\n", "" },
	{ "many blank lines first and last",
	  S_INIT("\n"
		 "\n"
		 "\n"
		 "1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "one\n"
		 "\n"
		 "\n"
		 "\n"
		 "\n"
		 "2\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "two\n"
		 "\n"
		 "\n"
		 "\n"),
	  "1000-2000 one\n"
	  "3000-4000 two\n",
	  "" },
	{ "a point for the comma",
	  S_INIT("1\n"
		 "00:00:01.000 --> 00:00:02.000\n"
		 "one\n"),
	  "1000-2000 one\n", "" },
	{ "a comma for the point",
	  S_INIT("WEBVTT\n"
		 "\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "one\n"),
	  "1000-2000 one\n", "bad-timing" },
	{ "no hours in SRT",
	  S_INIT("1\n"
		 "00:01,000 --> 00:02,000\n"
		 "one\n"),
	  "1000-2000 one\n", "" },
	{ "one digit each",
	  S_INIT("1\n"
		 "0:0:1,0 --> 0:0:2,0\n"
		 "one\n"),
	  "1000-2000 one\n", "" },
	{ "tenths and hundredths",
	  S_INIT("1\n"
		 "00:00:01,5 --> 00:00:02,25\n"
		 "one\n"),
	  "1500-2250 one\n", "" },
	{ "no fraction",
	  S_INIT("1\n"
		 "00:00:01 --> 00:00:02\n"
		 "one\n"),
	  "1000-2000 one\n", "" },
	{ "blanks within the time",
	  S_INIT("1\n"
		 "00:00: 01,000 --> 00:00: 02,000\n"
		 "one\n"),
	  "1000-2000 one\n", "" },
	{ "a single dash in the arrow",
	  S_INIT("1\n"
		 "00:00:01,000 -> 00:00:02,000\n"
		 "one\n"),
	  "1000-2000 one\n", "" },
	{ "a long arrow",
	  S_INIT("1\n"
		 "00:00:01,000 ---> 00:00:02,000\n"
		 "one\n"),
	  "it is none of WebVTT, SRT, SBV, TTML and ASS", "refused" },
	{ "no blanks around the arrow",
	  S_INIT("1\n"
		 "00:00:01,000-->00:00:02,000\n"
		 "one\n"),
	  "1000-2000 one\n", "" },
	{ "tabs around the arrow",
	  S_INIT("1\n"
		 "00:00:01,000\t-->\t00:00:02,000\n"
		 "one\n"),
	  "1000-2000 one\n", "" },
	{ "an end before its beginning",
	  S_INIT("1\n"
		 "00:00:05,000 --> 00:00:02,000\n"
		 "one\n"
		 "\n"
		 "2\n"
		 "00:00:07,000 --> 00:00:08,000\n"
		 "two\n"),
	  "5000-6000 one\n"
	  "7000-8000 two\n",
	  "no-duration" },
	{ "an end that is its beginning",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:01,000\n"
		 "one\n"),
	  "1000-2000 one\n", "no-duration" },
	{ "minutes over 59",
	  S_INIT("1\n"
		 "00:75:00,000 --> 00:75:02,000\n"
		 "one\n"),
	  "4500000-4502000 one\n", "" },
	{ "hours of four digits",
	  S_INIT("1\n"
		 "1000:00:01,000 --> 1000:00:02,000\n"
		 "one\n"),
	  "3600001000-3600002000 one\n", "" },
	{ "a negative time",
	  S_INIT("1\n"
		 "-00:00:01,000 --> 00:00:02,000\n"
		 "one\n"
		 "\n"
		 "2\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "two\n"),
	  "3000-4000 two\n", "text-without-time" },
	{ "an end that is missing",
	  S_INIT("1\n"
		 "00:00:01,000 -->\n"
		 "one\n"
		 "\n"
		 "2\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "two\n"),
	  "1000-6000 one\n"
	  "3000-4000 two\n",
	  "no-end" },
	{ "digits of Arabic in the time",
	  S_INIT("1\n"
		 "\331\240\331\240:\331\240\331\240:\331\240\331\241,\331\240\331\240\331\240 --> "
		 "\331\240\331\240:\331\240\331\240:\331\240\331\242,\331\240\331\240\331\240\n"
		 "one\n"
		 "\n"
		 "2\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "two\n"),
	  "3000-4000 two\n", "text-without-time" },
	{ "full-width colons",
	  S_INIT("1\n"
		 "00\357\274\23200\357\274\23201,000 --> 00\357\274\23200\357\274\23202,000\n"
		 "one\n"
		 "\n"
		 "2\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "two\n"),
	  "3000-4000 two\n", "text-without-time" },
	{ "marks of direction in the time",
	  S_INIT("1\n"
		 "\342\200\21600:00:01,000 --> 00:00:02,000\342\200\216\n"
		 "one\n"),
	  "1000-2000 one\n", "" },
	{ "cues in the wrong order",
	  S_INIT("1\n"
		 "00:00:05,000 --> 00:00:06,000\n"
		 "later\n"
		 "\n"
		 "2\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "sooner\n"),
	  "1000-2000 sooner\n"
	  "5000-6000 later\n",
	  "order" },
	{ "cues that overlap",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:05,000\n"
		 "one\n"
		 "\n"
		 "2\n"
		 "00:00:02,000 --> 00:00:03,000\n"
		 "two\n"),
	  "1000-5000 one\n"
	  "2000-3000 two\n",
	  "" },
	{ "the same cue twice",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "one\n"
		 "\n"
		 "1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "one\n"),
	  "1000-2000 one\n"
	  "1000-2000 one\n",
	  "" },
	{ "counters that are wrong",
	  S_INIT("7\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "one\n"
		 "\n"
		 "7\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "two\n"),
	  "1000-2000 one\n"
	  "3000-4000 two\n",
	  "" },
	{ "no counters",
	  S_INIT("00:00:01,000 --> 00:00:02,000\n"
		 "one\n"
		 "\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "two\n"),
	  "1000-2000 one\n"
	  "3000-4000 two\n",
	  "no-counter" },
	{ "no blank line between",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "one\n"
		 "2\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "two\n"),
	  "1000-2000 one\n"
	  "3000-4000 two\n",
	  "no-blank-line" },
	{ "a blank line within",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "one\n"
		 "\n"
		 "still one\n"
		 "\n"
		 "2\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "two\n"),
	  "1000-2000 one/still one\n"
	  "3000-4000 two\n",
	  "blank-line-in-cue" },
	{ "a number that is spoken",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "How many?\n"
		 "42\n"
		 "\n"
		 "2\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "Only\n"
		 "7\n"),
	  "1000-2000 How many?/42\n"
	  "3000-4000 Only/7\n",
	  "" },
	{ "a year alone, then a cue",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "It was\n"
		 "\n"
		 "1948\n"
		 "\n"
		 "2\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "two\n"),
	  "1000-2000 It was/1948\n"
	  "3000-4000 two\n",
	  "blank-line-in-cue" },
	{ "a cue without words",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "\n"
		 "\n"
		 "2\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "two\n"),
	  "3000-4000 two\n", "empty-cue" },
	{ "words before the first cue",
	  S_INIT("Subtitles by nobody\n"
		 "\n"
		 "1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "one\n"),
	  "1000-2000 one\n", "text-without-time" },
	{ "a time alone",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"),
	  "there is no cue in it", "refused" },
	{ "cut within a cue",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "one\n"
		 "\n"
		 "2\n"
		 "00:00:03,000 --> 00:0"),
	  "1000-2000 one\n", "empty-cue" },
	{ "an arrow in speech",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "From 3 --> 4, they said\n"),
	  "1000-2000 From 3 --> 4, they said\n", "" },
	{ "a signature of WebVTT and cues of SRT",
	  S_INIT("WEBVTT\n"
		 "\n"
		 "1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "one\n"
		 "\n"
		 "2\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "two\n"),
	  "1000-2000 one\n"
	  "3000-4000 two\n",
	  "bad-timing" },
	{ "WebVTT without its signature",
	  S_INIT("00:01.000 --> 00:02.000\n"
		 "one\n"
		 "\n"
		 "00:03.000 --> 00:04.000\n"
		 "two\n"),
	  "1000-2000 one\n"
	  "3000-4000 two\n",
	  "no-counter" },
	{ "words behind the signature",
	  S_INIT("WEBVTT - a title\n"
		 "Kind: captions\n"
		 "\n"
		 "00:01.000 --> 00:02.000\n"
		 "one\n"),
	  "1000-2000 one\n", "" },
	{ "a signature in small letters",
	  S_INIT("webvtt\n"
		 "\n"
		 "00:01.000 --> 00:02.000\n"
		 "one\n"),
	  "1000-2000 one\n", "text-without-time" },
	{ "notes and styles",
	  S_INIT("WEBVTT\n"
		 "\n"
		 "NOTE not spoken\n"
		 "\n"
		 "STYLE\n"
		 "::cue{color:red}\n"
		 "\n"
		 "00:01.000 --> 00:02.000\n"
		 "one\n"),
	  "1000-2000 one\n", "style-dropped" },
	{ "a zero byte in speech",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "on\000e\n"),
	  "1000-2000 on\357\277\275e\n", "" },
	{ "a zero byte in a time",
	  S_INIT("1\n"
		 "00:00:01,0\00000 --> 00:00:02,000\n"
		 "one\n"
		 "\n"
		 "2\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "two\n"),
	  "3000-4000 two\n", "text-without-time" },
	{ "signs of control in speech",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "one\007\033[31m two\177\n"),
	  "1000-2000 one\007\033[31m two\177\n", "" },
	{ "marks of direction in speech",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "\342\200\253\331\200\331\205\330\261\330\255\330\250\330\247\342\200\254\342\200"
		 "\217 (UPR)\n"),
	  "1000-2000 "
	  "\342\200\253\331\200\331\205\330\261\330\255\330\250\330\247\342\200\254\342\200\217 "
	  "(UPR)\n",
	  "" },
	{ "an override of direction",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "safe \342\200\256evil\342\200\254\n"),
	  "1000-2000 safe \342\200\256evil\342\200\254\n", "" },
	{ "signs without width",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "zero\342\200\213width\342\200\215 \357\273\277mark\n"),
	  "1000-2000 zero\342\200\213width\342\200\215 \357\273\277mark\n", "" },
	{ "letters made of several",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "e\314\201te\314\201 "
		 "\360\237\221\250\342\200\215\360\237\221\251\342\200\215\360\237\221\247\n"),
	  "1000-2000 e\314\201te\314\201 "
	  "\360\237\221\250\342\200\215\360\237\221\251\342\200\215\360\237\221\247\n",
	  "" },
	{ "hard blanks",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "\302\240one\302\240two\342\200\257!\n"),
	  "1000-2000 \302\240one\302\240two\342\200\257!\n", "" },
	{ "a private sign",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "\356\200\200one\n"),
	  "1000-2000 \356\200\200one\n", "" },
	{ "tags in each other, closed crosswise",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "<i>one <b>two</i> three</b>\n"),
	  "1000-2000 one two three\n", "" },
	{ "tags that never close",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "<i>one\n"
		 "two\n"
		 "\n"
		 "2\n"
		 "00:00:03,000 --> 00:00:04,000\n"
		 "three\n"),
	  "1000-2000 one/two\n"
	  "3000-4000 three\n",
	  "" },
	{ "tags in capitals",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "<I>one</I> <B>two</B>\n"),
	  "1000-2000 one two\n", "" },
	{ "a font",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "<font color=\"#fff\" face='x'>one</font>\n"),
	  "1000-2000 one\n", "tag-dropped" },
	{ "braces for tags",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "{i}one{/i} {\\an8}two {y:i}three\n"),
	  "1000-2000 {i}one{/i} two {y:i}three\n", "tag-dropped" },
	{ "a bracket that is a sign",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "3 < 4 and 5 > 2 & more\n"),
	  "1000-2000 3 < 4 and 5 > 2 & more\n", "" },
	{ "a script",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "<script>alert(1)</script>one\n"),
	  "1000-2000 <script>alert(1)</script>one\n", "" },
	{ "names of signs",
	  S_INIT("WEBVTT\n"
		 "\n"
		 "00:01.000 --> 00:02.000\n"
		 "fish &amp; chips &lt;3 &nbsp;&eacute; &#233; &unknown; &\n"),
	  "1000-2000 fish & chips <3 \302\240\303\251 \303\251 &unknown; &\n", "" },
	{ "names of signs in SRT",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "fish &amp; chips &lt;3 &eacute;\n"),
	  "1000-2000 fish & chips <3 \303\251\n", "" },
	{ "voices",
	  S_INIT("WEBVTT\n"
		 "\n"
		 "00:01.000 --> 00:02.000\n"
		 "<v.loud Ana Mar\303\255a>one</v>\n"
		 "<v Bo>two\n"),
	  "1000-2000 one/two\n", "" },
	{ "times within a cue",
	  S_INIT("WEBVTT\n"
		 "\n"
		 "00:01.000 --> 00:02.000\n"
		 "one <00:01.500>two <c.red>three</c>\n"),
	  "1000-2000 one two three\n", "" },
	{ "ruby",
	  S_INIT("WEBVTT\n"
		 "\n"
		 "00:01.000 --> 00:02.000\n"
		 "<ruby>\346\274\242<rt>kan</rt></ruby>\n"),
	  "1000-2000 \346\274\242kan\n", "" },
	{ "a tag that is cut",
	  S_INIT("WEBVTT\n"
		 "\n"
		 "00:01.000 --> 00:02.000\n"
		 "one <i\n"
		 "\n"
		 "00:03.000 --> 00:04.000\n"
		 "two\n"),
	  "1000-2000 one\n"
	  "3000-4000 two\n",
	  "" },
	{ "dashes and brackets of hearing",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "- [music] one\n"
		 "- (laughs) two\n"
		 "\342\231\252 la la \342\231\252\n"),
	  "1000-2000 - [music] one/- (laughs) two/\342\231\252 la la \342\231\252\n", "" },
	{ "SBV",
	  S_INIT("0:00:01.000,0:00:02.000\n"
		 "one\n"
		 "two\n"
		 "\n"
		 "0:00:03.000,0:00:04.000\n"
		 "three\n"),
	  "1000-2000 one/two\n"
	  "3000-4000 three\n",
	  "" },
	{ "SBV with its own line break",
	  S_INIT("0:00:01.000,0:00:02.000\n"
		 "one[br]two\n"),
	  "1000-2000 one[br]two\n", "" },
	{ "ASS with breaks and drawings",
	  S_INIT("[Script Info]\n"
		 "[Events]\n"
		 "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
		 "Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,{\\b1}one\\Ntwo\\hthree, four\n"
		 "Dialogue: 0,0:00:03.00,0:00:04.00,D,,0,0,0,,{\\p1}m 0 0 l 1 1{\\p0}after\n"
		 "Comment: 0,0:00:05.00,0:00:06.00,D,,0,0,0,,never shown\n"),
	  "1000-2000 one/two\302\240three, four\n"
	  "3000-4000 after\n",
	  "tag-dropped" },
	{ "TTML with breaks and styles",
	  S_INIT("<tt xmlns='http://www.w3.org/ns/ttml'><body><div><p begin='1s' "
		 "end='2s'>one<br/>two <span>three</span> &amp; four</p></div></body></tt>"),
	  "1000-2000 one/two three & four\n", "" },
	{ "TTML, nested times",
	  S_INIT("<tt><body begin='10s'><div><p begin='1s' end='2s'>one</p></div></body></tt>"),
	  "11000-12000 one\n", "" },
	{ "TTML that names an entity of its own",
	  S_INIT("<!DOCTYPE tt [<!ENTITY x 'y'>]><tt><body><p begin='1s' "
		 "end='2s'>&x;</p></body></tt>"),
	  "its XML has a document type declaration, which is not allowed", "refused" },
	{ "TTML that is cut", S_INIT("<tt><body><p begin='1s' end='2s'>one</p><p begin='3s'"),
	  "its XML is damaged", "refused" },
	{ "no subtitles at all",
	  S_INIT("just words\n"
		 "and more\n"),
	  "it is none of WebVTT, SRT, SBV, TTML and ASS", "refused" },
	{ "nothing", S_INIT(""), "it is none of WebVTT, SRT, SBV, TTML and ASS", "refused" },
	{ "a page that says 404", S_INIT("<!DOCTYPE html><html><body>Not found 404</body></html>"),
	  "it is none of WebVTT, SRT, SBV, TTML and ASS", "refused" },
	{ "a picture",
	  S_INIT("\211PNG\r\n"
		 "\032\n"
		 "\000\000\000\rIHDR"),
	  "it is none of WebVTT, SRT, SBV, TTML and ASS", "refused" },
	{ "Greek of Windows",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "\303\361\334\370\341\354\345 \363\364\357 \365\360\357\365\361\343\345\337\357 "
		 "\352\341\351 \344\345\355 \341\360\334\355\364\347\363\345\n"),
	  "1000-2000 \316\223\317\201\316\254\317\210\316\261\316\274\316\265 "
	  "\317\203\317\204\316\277 "
	  "\317\205\317\200\316\277\317\205\317\201\316\263\316\265\316\257\316\277 "
	  "\316\272\316\261\316\271 \316\264\316\265\316\275 "
	  "\316\261\317\200\316\254\316\275\317\204\316\267\317\203\316\265\n",
	  "charset" },
	{ "Korean of EUC",
	  S_INIT("1\n"
		 "00:00:01,000 --> 00:00:02,000\n"
		 "\277\354\270\256\264\302 \272\316\303\263\277\241 \306\355\301\366\270\246 "
		 "\275\350\301\366\270\270 \264\353\264\344\300\314 "
		 "\276\370\276\372\275\300\264\317\264\331\n"),
	  "1000-2000 \354\232\260\353\246\254\353\212\224 \353\266\200\354\262\230\354\227\220 "
	  "\355\216\270\354\247\200\353\245\274 \354\215\274\354\247\200\353\247\214 "
	  "\353\214\200\353\213\265\354\235\264 "
	  "\354\227\206\354\227\210\354\212\265\353\213\210\353\213\244\n",
	  "charset" },
};

static str outcome(arena *a, const struct sub_file *f)
{
	buf o = buf_new(a, 1 << 20);

	vec_each (struct sub_cue, c, &f->cues) {
		str words = sub_plain(a, c->text);

		buf_printf(&o, "%lld-%lld ", (long long)c->start, (long long)c->end);
		for (size_t i = 0; i < words.n; i++)
			buf_byte(&o, words.p[i] == '\n' ? '/' : words.p[i]);
		buf_byte(&o, '\n');
	}
	return buf_str(&o);
}

/* Each repair that is wanted is told, and no other; words that have no time are named. */
static bool is_told(const struct sub_file *f, str told)
{
	vec_each (struct sub_repair, r, &f->repairs) {
		str code = str_of(r->code);

		if (str_find(told, code) == STR_NONE ||
		    (str_eq(code, S("text-without-time")) && !r->value.n))
			return false;
	}
	for (str rest = told; rest.n;) {
		str code = str_cut(&rest, ' ');
		bool found = false;

		vec_each (struct sub_repair, r, &f->repairs)
			found |= str_eq(code, str_of(r->code));
		if (!found)
			return false;
	}
	return true;
}

/* What the store keeps says the same: our own WebVTT, read again. */
static bool survives(arena *a, const struct sub_file *f, str before)
{
	buf vtt = buf_new(a, 1 << 20);
	struct sub_file *again;

	return sub_write(&vtt, a, f, SUB_VTT, S("")) == OK &&
	       sub_read_own(a, buf_str(&vtt), &again) == OK && str_eq(outcome(a, again), before);
}

static void test_one(arena *a, const struct dirty *d)
{
	const struct sub_options options = { 0 };
	buf why = buf_new(a, 1024);
	struct sub_file *f;
	str got;

	if (sub_read(a, d->file, &options, &f, &why) != OK) {
		eq_str(buf_str(&why), str_of(d->wanted), d->what);
		eq_str(str_of(d->told), S("refused"), "it should be");
		return;
	}
	got = outcome(a, f);
	eq_str(got, str_of(d->wanted), d->what);
	ok(is_told(f, str_of(d->told)), "told: %s", d->told[0] ? d->told : "nothing");
	ok(utf8_valid(got) && survives(a, f, got), "and the track says the same");
}

int main(void)
{
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		arena *a = arena_new();

		test_one(a, &all[i]);
		arena_free(a);
	}
	ok(COUNT_OF(all) >= 60, "%zu files", COUNT_OF(all));
	return tap_done();
}
