/* Making the files that videos wait for, on behalf of commands. Private to this slice. */
#ifndef VIDEO_VIDEO_JOB_CLI_H
#define VIDEO_VIDEO_JOB_CLI_H

#include "cli/command.h"

/* Makes all that is waiting, here and now, and publishes each; in a server only says that it will be made. Answers
 * the exit code. Ctrl-C ends it, and what is left waits for the next one. */
int video_jobs_make(struct cli *cli);

#endif
