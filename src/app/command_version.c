/* tribune version. */
#include "app/app.h"

static int version_run(struct cli *cli)
{
	if (cli->json)
		fprintf(cli->out, "{\"version\":\"%s\"}\n", TRIBUNE_VERSION);
	else
		fprintf(cli->out, "tribune %s\n", TRIBUNE_VERSION);
	return 0;
}

const struct command version_command = {
	.name = "version",
	.arguments = "",
	.summary = "say which version this is",
	.examples = "  tribune version\n",
	.needs = NEEDS_NOTHING,
	.run = version_run,
};
