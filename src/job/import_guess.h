/* Guessing when an export was made. The report says how the date was found. */
#ifndef JOB_IMPORT_GUESS_H
#define JOB_IMPORT_GUESS_H

#include "base/base.h"

/* The first that there is: the option, a date in the file's name (2018_07_25, 2018-07-25), the date in
 * the document's properties, the latest date that the rows prove. *RET_FROM: option, file-name,
 * properties, content or unknown. */
void import_guess_date(str option, str file_name, str property, str content, str *ret_date,
		       str *ret_from);

/* The first date in a file name, as a view that may hold underscores; p == NULL when there is none. */
bool import_date_in_name(str name, char ret_iso[11]);

#endif
