/* XLS workbooks (Excel 5 to 2003), through libfreexl, as rows: all sheets in their order, each cell as
 * a person sees it. To be used in a worker. */
#ifndef JOB_XLS_H
#define JOB_XLS_H

#include "job/rows.h"

/* Opens the converters of characters that the library will want: they are files. To be called before
 * the sandbox is entered. */
void xls_prepare(void);

/* Reads the workbook that PATH names and BYTES holds, and writes it to OUT, to an end or a refusal. */
void xls_read(arena *a, const char *path, str bytes, struct rows_out *out);

#endif
