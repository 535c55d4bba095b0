#include "tap.h"

#include "text/language.h"

int main(void)
{
	static const struct {
		str text, lang;
	} cases[] = {
		{ S_INIT("Continue the efforts to protect the rights of women and children"),
		  S_INIT("en") },
		{ S_INIT("Poursuivre les efforts pour protéger les droits des femmes et des "
			 "enfants dans le pays"),
		  S_INIT("fr") },
		{ S_INIT("Continuar con los esfuerzos para proteger los derechos de las mujeres y "
			 "de los niños"),
		  S_INIT("es") },
		{ S_INIT("Continuar os esforços para proteger os direitos das mulheres e das "
			 "crianças no país"),
		  S_INIT("pt") },
		{ S_INIT("Продолжать усилия по защите прав женщин"), S_INIT("ru") },
		{ S_INIT("مواصلة الجهود لحماية حقوق المرأة"), S_INIT("ar") },
		{ S_INIT("继续努力保护妇女权利"), S_INIT("zh") },
		{ S_INIT("Ratify OP-CAT"), S_INIT("xx") },
		{ S_INIT(""), S_INIT("xx") },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		eq_str(language_guess(cases[i].text, S("xx")), cases[i].lang, "language");
	return tap_done();
}
