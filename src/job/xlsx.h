/*
 * XLSX workbooks (ECMA-376, part 1, 18: SpreadsheetML), as rows: all visible sheets in their order,
 * each cell as a person sees it. A merged cell's text is in its first cell. To be used in a worker.
 */
#ifndef JOB_XLSX_H
#define JOB_XLSX_H

#include "job/rows.h"

/* Reads the workbook in BYTES and writes it to OUT, to an end or a refusal. */
void xlsx_read(arena *a, str bytes, struct rows_out *out);

#endif
