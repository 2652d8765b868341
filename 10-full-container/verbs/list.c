/*
 * list: what there is.
 *
 * There is no list that is kept.  The directory of states has one directory
 * for each container, and the kernel is asked about each process.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "10-full-container/life/container.h"
#include "10-full-container/talk/state_files.h"
#include "10-full-container/talk/state_process.h"

const struct option_entry list_options[] = {
	{ 'q', "quiet", NULL, "only the ids", option_flag,
	  offsetof(struct request, quiet) },
	{ 'f', "format", "FORMAT", "table or json", request_parse_format,
	  offsetof(struct request, json) },
	{ 0 },
};

static int list_row(const struct state *state)
{
	const char *bundle = state_text(state, "bundle");
	char created[STATE_TIME];
	enum status status;
	pid_t pid;

	if (status_of(state, &status) < 0 || state_pid(state, &pid) < 0)
		return -1;
	printf("%-24s %-8d %-9s %-20s %s\n", state->id, pid,
	       status_name(status), status_created(state, created),
	       bundle ? bundle : "");
	return 0;
}

/* The same object that `state` prints, as an item of an array. */
static int list_add(json_t *array, const struct state *state)
{
	CLEANUP_FREE char *text = NULL;
	enum status status;

	if (status_of(state, &status) == 0)
		text = status_describe(state, status);
	if (!text)
		return -1;
	return json_array_append_new(array, json_loads(text, 0, NULL));
}

/*
 * A container may be deleted while we look, or since its name was read: that
 * is no error.  One that cannot be looked at is, and the next one's turn.
 */
static int list_one(const struct request *request, const char *id,
		    json_t *array)
{
	struct state state;
	int answer, result;

	if (request->quiet)
		return puts(id) < 0 ? -1 : 0;
	answer = state_find(&state, request->root, id);
	if (answer <= 0)
		return answer;
	result = request->json ? list_add(array, &state) : list_row(&state);
	state_close(&state);
	return result;
}

/* All that can be shown, whatever cannot. */
static int list_all(const struct request *request, DIR *directory,
		    json_t *array)
{
	int answer, result = 0;
	const char *id;

	while ((answer = state_next(directory, &id)) > 0)
		if (list_one(request, id, array) < 0)
			result = -1;
	return answer < 0 ? -1 : result;
}

/* No directory is no error: nobody has made a container yet. */
int command_list(struct request *request)
{
	int parent, result = 0;
	DIR *directory = NULL;
	json_t *array;

	if (state_open_root(request->root, &parent) < 0)
		return EXIT_OCI;
	if (parent >= 0)
		directory = fdopendir(parent);
	if (parent >= 0 && !directory) {
		error_call(NULL, "read the directory of states %s",
			   request->root);
		close(parent);
		return EXIT_OCI;
	}
	array = json_array();
	if (!request->quiet && !request->json)
		printf("%-24s %-8s %-9s %-20s %s\n", "ID", "PID", "STATUS",
		       "CREATED", "BUNDLE");
	if (directory)
		result = list_all(request, directory, array);
	if (request->json) {
		json_dumpf(array, stdout, JSON_COMPACT);
		putchar('\n');
	}
	json_decref(array);
	if (directory)
		closedir(directory);
	return result < 0 ? EXIT_OCI : 0;
}
