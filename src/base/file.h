/* Descriptors, with this program's errors in the place of errno. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/base.h"

/* What errno NUMBER means for somebody who writes: E_FULL where the disk or a quota is full, otherwise E_IO. */
enum err file_error(int number);

/* Writes all of BYTES, in as many pieces as it takes. After an error some of them may be written. */
MUST enum err file_write(int fd, str bytes);

#endif
