#include "job/import_guess.h"

#include "text/date.h"

/* YYYY-MM-DD at the start of S, with - or _ or . between. */
static bool date_at(str s, char iso[11])
{
	struct date d;

	if (s.n < 10)
		return false;
	memcpy(iso, s.p, 10);
	iso[10] = '\0';
	if (iso[4] != iso[7] || (iso[4] != '-' && iso[4] != '_' && iso[4] != '.'))
		return false;
	iso[4] = iso[7] = '-';
	return date_parse(str_of(iso), &d) == OK && d.year >= 2006;
}

bool import_date_in_name(str name, char ret_iso[11])
{
	char iso[11];

	for (; name.n; name = str_from(name, 1))
		if (date_at(name, iso)) {
			memcpy(ret_iso, iso, sizeof iso);
			return true;
		}
	return false;
}

void import_guess_date(str option, str file_name, str property, str content, str *ret_date,
		       str *ret_from)
{
	static _Thread_local char in_name[11];

	if (option.n) {
		*ret_date = option;
		*ret_from = S("option");
	} else if (import_date_in_name(file_name, in_name)) {
		*ret_date = str_of(in_name);
		*ret_from = S("file-name");
	} else if (property.n) {
		*ret_date = property;
		*ret_from = S("properties");
	} else if (content.n) {
		*ret_date = content;
		*ret_from = S("content");
	} else {
		*ret_date = S("");
		*ret_from = S("unknown");
	}
}
