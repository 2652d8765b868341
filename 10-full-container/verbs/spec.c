/*
 * spec: write a config.json to start from.
 *
 * Other runtimes write always the same, and so does this one without options.
 * But here the options of all the stages can be given, and what one learnt as
 * an option is found again in the file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/whole.h"
#include "10-full-container/config/spec_write.h"
#include "10-full-container/life/command.h"

static const struct hint write_hints[] = {
	{ EEXIST, "remove it first; `spec -` prints it instead" },
	{ 0, NULL },
};

const struct option_entry spec_options[] = {
	{ 'b', "bundle", "DIR", "where to write it (default: here)",
	  option_string, offsetof(struct request, bundle) },
	{ 0, "rootless", NULL, "for an ordinary user: --userns, no resources",
	  option_flag, offsetof(struct request, for_user) },
	{ 0 },
};

/* A config.json that is there was perhaps changed by hand: it is kept. */
static int spec_save(const json_t *document, const char *bundle)
{
	CLEANUP_CLOSE int dir =
		open(bundle, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CLEANUP_FREE char *text = json_dumps(document, JSON_INDENT(4));
	CLEANUP_CLOSE int fd = -1;

	if (dir >= 0 && text)
		fd = openat(dir, "config.json",
			    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd >= 0 && whole_write(fd, text, strlen(text)) == 0 &&
	    whole_write(fd, "\n", 1) == 0)
		return 0;
	error_call(write_hints, "write config.json in %s", bundle);
	if (fd >= 0)
		unlinkat(dir, "config.json", 0);
	return -1;
}

/*
 * An ordinary user can set limits only in a group that was given to them.
 * Those that options asked for stay, to be refused by name if it was not.
 */
static void spec_drop_resources(json_t *document)
{
	json_t *node = json_object_get(document, "linux");
	json_t *resources = json_object_get(node, "resources");

	json_object_del(resources, "devices");
	if (json_object_size(resources) == 0)
		json_object_del(node, "resources");
}

int command_spec(struct request *request)
{
	bool is_printed =
		request->words[0] && strcmp(request->words[0], "-") == 0;
	json_t *document;
	int result = 0;

	request->stages.command = request->words + is_printed;
	if (request->for_user)
		request->stages.userns.enabled = true;
	document = request->is_bare && !request->stages.command[0]
			   ? spec_write_usual()
			   : spec_write(&request->stages);
	if (document && request->for_user)
		spec_drop_resources(document);
	if (!document)
		return EXIT_OCI;
	if (is_printed) {
		json_dumpf(document, stdout, JSON_INDENT(4));
		putchar('\n');
	} else {
		result = spec_save(document,
				   request->bundle ? request->bundle : ".");
	}
	json_decref(document);
	return result < 0 ? EXIT_OCI : 0;
}
