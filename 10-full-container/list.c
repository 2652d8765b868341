/*
 * list and state: what there is.
 *
 * There is no list that is kept.  The directory of states has one directory
 * for each container, and the kernel is asked about each process.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "10-full-container/container.h"

const struct option_entry no_options[] = { { 0 } };

const struct option_entry list_options[] = {
	{ 'q', "quiet", NULL, "only the ids", option_flag,
	  offsetof(struct request, quiet) },
	{ 'f', "format", "FORMAT", "table or json", request_parse_format,
	  offsetof(struct request, json) },
	{ 0 },
};

/*
 * What engines ask most often, and the specification's only query.  It takes
 * no lock: an answer is old as soon as it is printed, whoever held what.
 */
int command_state(struct request *request)
{
	CLEANUP_FREE char *text = NULL;
	struct state state;

	if (state_open(&state, request->root, request->id, false) < 0)
		return EXIT_OCI;
	text = state_describe(&state, state_status(&state));
	state_close(&state);
	if (!text)
		return EXIT_OCI;
	puts(text);
	return 0;
}

static void list_row(const struct state *state)
{
	const char *bundle =
		json_string_value(json_object_get(state->json, "bundle"));
	char created[STATE_TIME];

	printf("%-24s %-8d %-9s %-20s %s\n", state->id, state_pid(state),
	       state_status_name(state_status(state)),
	       state_created(state, created), bundle ? bundle : "");
}

/* The same object that `state` prints, as an item of an array. */
static void list_add(json_t *array, const struct state *state)
{
	CLEANUP_FREE char *text = state_describe(state, state_status(state));

	if (text)
		json_array_append_new(array, json_loads(text, 0, NULL));
}

/* What cannot be read is said, and then it is the next one's turn. */
static int list_one(const struct request *request, const char *id,
		    json_t *array)
{
	struct state state;
	int result;

	if (request->quiet)
		return puts(id) < 0 ? -1 : 0;
	/* It can have been deleted since its name was read. */
	result = state_open_listed(&state, request->root, id);
	if (result != 0)
		return result < 0 ? -1 : 0;
	if (request->json)
		list_add(array, &state);
	else
		list_row(&state);
	state_close(&state);
	return 0;
}

/* readdir(3) says the end and a failure in the same way, but for errno. */
static int list_all(const struct request *request, DIR *directory,
		    json_t *array)
{
	struct dirent *entry;
	int result = 0;

	while (errno = 0, (entry = readdir(directory)) != NULL)
		if (entry->d_name[0] != '.' &&
		    list_one(request, entry->d_name, array) < 0)
			result = -1;
	if (errno)
		result = error_call(NULL, "read the directory of states %s",
				    request->root);
	return result;
}

/* No directory is no error: nobody has made a container yet. */
int command_list(struct request *request)
{
	DIR *directory = opendir(request->root);
	json_t *array = json_array();
	int result = 0;

	if (!directory && errno != ENOENT) {
		error_call(NULL, "open the directory of states %s",
			   request->root);
		return EXIT_OCI;
	}
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
