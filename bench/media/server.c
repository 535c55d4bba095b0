/* One file, served as a film's bytes are: for bench/media/run.
 *
 *     bench_media FILE PORT
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/server.h"

struct film {
	const char *path;
	uint64_t size;
	int64_t modified;
};

static void answer_film(void *ctx, const struct http_req *req, struct http_res *res)
{
	const struct film *film = ctx;
	int fd = open(film->path, O_RDONLY | O_CLOEXEC);

	(void)req;
	if (fd < 0) {
		res->status = 404;
		return;
	}
	res->kind = HTTP_BODY_FILE;
	res->file = (struct http_file){ fd, film->size, film->modified };
	res->etag = S("film");
	http_res_header(res, "Content-Type", S("video/mp4"));
}

int main(int argc, char **argv)
{
	struct film film = { 0 };
	struct http_config config = { .handle = answer_film, .ctx = &film };
	struct http_server *s = NULL;
	struct stat st;
	int64_t port;

	if (argc != 3 || stat(argv[1], &st) != 0 || !str_to_i64(str_of(argv[2]), &port))
		return 64;
	film = (struct film){ argv[1], (uint64_t)st.st_size, st.st_mtime };
	config.port = (uint16_t)port;
	signal(SIGPIPE, SIG_IGN);
	if (http_server_start(&config, &s) != OK)
		return 1;
	printf("answers\n");
	fflush(stdout);
	pause();
	return 0;
}
