/* Reports of imports, for people and for programs. */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "cli/command.h"
#include "i18n/i18n.h"
#include "job/import.h"

/* The person's language: cli->lang, or English. */
enum lang report_lang(const struct cli *cli);

void report_print(struct cli *cli, const struct import_report *r, bool dry);
void report_print_note(struct cli *cli, const struct import_note *n);

struct json;
void report_json(struct json *j, const struct import_report *r, bool dry);
void report_json_note(struct json *j, enum lang lang, arena *a, const struct import_note *n);

/* What a reason code means, in words. */
str report_reason(arena *a, enum lang lang, const struct import_note *n);

#endif
