#include "index/stop.h"

/* Articles, prepositions, conjunctions, pronouns and forms of to be and to have; folded, with a blank
 * before and after each. No word that could be what somebody looks for. */
static const str words[TEXT_LANG_COUNT_] = {
	[TEXT_EN] = S_INIT(
		" a an and are as at be been but by for from had has have if in into is it"
		" its of on or our so such than that the their them then there these they"
		" this those to was were which who whom whose will with within would "),
	[TEXT_FR] = S_INIT(
		" a afin ainsi au aux avec c ce ces cet cette ceux d dans de des du elle elles"
		" en est et etait etaient etant ete etre eu il ils j je l la le les leur leurs"
		" lui m mais me meme n ne nos notre nous on ont ou par pas pour qu que qui s sa"
		" sans se ses si son sont sur t un une vers vos votre vous y "),
	[TEXT_ES] = S_INIT(
		" a al ante como con contra cual cuales cuando de del desde donde e el ella"
		" ellas ellos en entre era eran es esa esas ese eso esos esta estas este esto"
		" estos fue fueron ha han hasta la las le les lo los mas mediante mi muy ni no o"
		" para pero por que se sea sean segun ser si sin sobre son su sus tambien tanto"
		" te tu u un una unas uno unos y ya "),
	[TEXT_PT] = S_INIT(
		" a ao aos as com como da das de dela dele do dos e ela elas ele eles em entre"
		" era essa esse esta este eu foi foram ha isso isto ja lhe mais mas na nas nem no"
		" nos o os ou para pela pelas pelo pelos por qual quando que quem sao se seja sem"
		" ser seu seus so sua suas tambem te um uma umas uns "),
	[TEXT_RU] = S_INIT(
		" а бы быть в во вот все вы для до его ее если же за и из или им их к как ко"
		" которые которыи ли на не но о об он она они оно от по при с со так также то"
		" того у уже что чтобы эта эти это этого этои этот "),
	[TEXT_AR] = S_INIT(
		" ان او اي الي التي الذي الذين ثم عن علي في قد كان كانت كل كما لا لم لن ما مع"
		" من هذا هذه هو هي و ولا وفي يكون "),
};

/* Is WORD one of a list as above? */
static bool listed(str list, str word)
{
	for (size_t at = 0;;) {
		size_t found = str_find(str_from(list, at), word);

		if (found == STR_NONE)
			return false;
		at += found;
		if (at > 0 && list.p[at - 1] == ' ' && list.p[at + word.n] == ' ')
			return true;
		at++;
	}
}

bool stop_word(enum text_lang lang, str folded)
{
	return folded.n > 0 && words[lang].n > 0 && listed(words[lang], folded);
}

bool stop_elision(str folded)
{
	return folded.n > 0 &&
	       listed(S(" c d j jusqu l lorsqu m n presqu puisqu qu quelqu quoiqu s t "), folded);
}
