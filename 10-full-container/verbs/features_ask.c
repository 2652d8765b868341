/*
 * Yes or no, from the readers of config.json themselves.
 *
 * A list of what a program can do is soon out of date.  So each reader is
 * given a document in which one member has a value of an impossible type.
 * Who knows the member complains about its value; who does not, passes it
 * over; and who refuses the member says that it is not supported.
 */
#include "10-full-container/verbs/features.h"

#include <string.h>

#include "habits/error.h"
#include "10-full-container/config/spec.h"
#include "10-full-container/guard/json.h"

/*
 * The three readers, in one shape.  What they have read is thrown away; only
 * their words count.
 */
static int ask_process(const struct value *root)
{
	struct process process = { 0 };
	int result = spec_read_process(&process, root);

	process_free(&process);
	return result;
}

static int ask_linux(const struct value *root)
{
	struct spec spec = { 0 };
	int result = spec_read_linux(&spec, root);

	spec_free(&spec);
	return result;
}

static int ask_mounts(const struct value *root)
{
	struct spec spec = { .bundle = strdup("/") };
	int result = spec_read_mounts(&spec, root);

	spec_free(&spec);
	return result;
}

#define PROCESS                                              \
	"{\"cwd\": \"/\", \"args\": [\"true\"], \"user\": {" \
	"\"uid\": 0, \"gid\": 0}"
#define LINUX "{\"linux\": {\"namespaces\": [{\"type\": \"mount\"}]"
#define MOUNT                                                          \
	"{\"mounts\": [{\"destination\": \"/mnt\", \"source\": \"/\"," \
	"\"options\": [\"bind\"]"

/* %s is the member, or nothing, and then the reader must be content. */
static const struct ask_reader {
	int (*read)(const struct value *root);
	const char *before, *after;
} ask_readers[] = {
	{ ask_process, PROCESS, "}" },
	{ ask_linux, LINUX, "}}" },
	{ ask_mounts, MOUNT, "}]}" },
};

enum ask_where { IN_PROCESS, IN_LINUX, IN_MOUNT };

static const struct {
	const char *feature; /* where the answer goes */
	enum ask_where where;
	const char *key;    /* what the complaint has to be about */
	const char *member; /* 5 is never right */
} ask_questions[] = {
	{ "linux.cgroup.rdma", IN_LINUX, "rdma",
	  "\"resources\": {\"rdma\": 5}" },
	{ "linux.seccomp.enabled", IN_LINUX, "seccomp", "\"seccomp\": 5" },
	{ "linux.apparmor.enabled", IN_PROCESS, "apparmorProfile",
	  "\"apparmorProfile\": 5" },
	{ "linux.selinux.enabled", IN_PROCESS, "selinuxLabel",
	  "\"selinuxLabel\": 5" },
	{ "linux.intelRdt.enabled", IN_LINUX, "intelRdt", "\"intelRdt\": 5" },
	{ "linux.intelRdt.schemata", IN_LINUX, "schemata",
	  "\"intelRdt\": {\"schemata\": 5}" },
	{ "linux.intelRdt.monitoring", IN_LINUX, "enableMonitoring",
	  "\"intelRdt\": {\"enableMonitoring\": 5}" },
	{ "linux.mountExtensions.idmap.enabled", IN_MOUNT, "uidMappings",
	  "\"uidMappings\": 5" },
	{ "linux.netDevices.enabled", IN_LINUX, "netDevices",
	  "\"netDevices\": 5" },
};

/* In the place of standard error, while questions are asked. */
static char ask_answer[ERROR_MAX];

static void ask_listen(const char *message)
{
	snprintf(ask_answer, sizeof(ask_answer), "%s", message);
}

/* Written as text and parsed, so that readers see what they always see. */
static int ask_read(const struct ask_reader *reader, const char *member)
{
	char text[512];
	struct value root = { .key = "config.json" };
	json_t *document;
	int result;

	snprintf(text, sizeof(text), "%s%s%s%s", reader->before,
		 member[0] ? ", " : "", member, reader->after);
	document = json_loads(text, 0, NULL);
	root.value = document;
	ask_answer[0] = '\0';
	result = document ? reader->read(&root) : -1;
	json_decref(document);
	return result;
}

/*
 * Without the member all must be right, or the complaint about it would be one
 * about something else.
 */
static bool ask_is_known(enum ask_where where, const char *key,
			 const char *member)
{
	const struct ask_reader *reader = &ask_readers[where];

	return ask_read(reader, "") == 0 && ask_read(reader, member) < 0 &&
	       strstr(ask_answer, key) && !strstr(ask_answer, "not supported");
}

/* With the sink of errors taken away for so long: nothing is printed. */
void features_ask(json_t *features)
{
	size_t count = sizeof(ask_questions) / sizeof(ask_questions[0]);
	void (*sink)(const char *message) = error_sink;

	error_sink = ask_listen;
	for (size_t i = 0; i < count; i++)
		json_set_path(
			features, ask_questions[i].feature,
			json_boolean(ask_is_known(ask_questions[i].where,
						  ask_questions[i].key,
						  ask_questions[i].member)));
	error_sink = sink;
}
