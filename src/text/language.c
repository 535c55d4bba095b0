#include "text/language.h"

#include "base/utf8.h"

/* Words of one or two syllables that nearly every sentence has, with blanks around. A word that two
 * languages share counts for both. */
static const struct {
	str lang;
	const char *words;
} small_words[] = {
	{ S_INIT("en"),
	  " the of and to in for with on that its as by all their is be or a an from at are " },
	{ S_INIT("fr"), " le la les des de du et à aux un une pour dans en que sur par ses son sa "
			"au avec ne pas est " },
	{ S_INIT("es"),
	  " el la los las de del y a un una en que por con para su sus al se no es como lo e " },
	{ S_INIT("pt"),
	  " o a os as de do da dos das e em para um uma que por com no na nos nas ao à se seus " },
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c & 0x80);
}

/* Counts WORD for each language that has it among its small words. */
static void count_word(str word, int *votes)
{
	char padded[16];

	if (word.n == 0 || word.n > sizeof padded - 3)
		return;
	snprintf(padded, sizeof padded, " %" STR_F " ", STR_A(word));
	for (size_t i = 0; i < COUNT_OF(small_words); i++)
		votes[i] += strstr(small_words[i].words, padded) != NULL;
}

static str vote(str text, str otherwise)
{
	int votes[COUNT_OF(small_words)] = { 0 }, best = 0, second = 0;
	char word[64];
	size_t n = 0;

	for (size_t i = 0; i <= text.n; i++) {
		char c = i < text.n ? text.p[i] : ' ';

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if (is_letter(c) && n < sizeof word) {
			word[n++] = c;
		} else if (!is_letter(c)) {
			count_word((str){ word, n }, votes);
			n = 0;
		}
	}
	for (size_t i = 1; i < COUNT_OF(small_words); i++)
		if (votes[i] > votes[best])
			best = (int)i;
	for (size_t i = 0; i < COUNT_OF(small_words); i++)
		if ((int)i != best)
			second = MAX(second, votes[i]);
	return votes[best] >= 3 && votes[best] > second ? small_words[best].lang : otherwise;
}

str language_guess(str text, str otherwise)
{
	size_t letters = 0, cyrillic = 0, arabic = 0, chinese = 0;

	for (str rest = text; rest.n;) {
		uint32_t c = utf8_next(&rest);

		letters += c > 0x40;
		cyrillic += c >= 0x400 && c < 0x530;
		arabic += c >= 0x600 && c < 0x700;
		chinese += c >= 0x4E00 && c < 0xA000;
	}
	if (cyrillic * 2 > letters)
		return S("ru");
	if (arabic * 2 > letters)
		return S("ar");
	if (chinese * 2 > letters)
		return S("zh");
	return vote(text, otherwise);
}
