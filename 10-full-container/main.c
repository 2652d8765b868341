/*
 * 10-full-container: everything together, and a runtime for engines.
 *
 * As in the stages before, options and a command make a container:
 *
 *     sudo bin/10-full-container --rootfs build/rootfs sh
 *
 * A first word that is one of the verbs below makes it an OCI runtime, which
 * reads what it is to do from a file, config.json:
 *
 *     bin/10-full-container spec --rootfs $PWD/build/rootfs
 *     sudo bin/10-full-container run box
 *
 * The specification says what the verbs do (runtime.md, "Operations"), not
 * what they look like on a command line: that all runtimes have taken over
 * from the first one, runc.  Some options stand before the verb and some
 * behind it, so the line is parsed twice:
 *
 *     PROGRAM  --root DIR --log FILE   create   --bundle DIR   ID
 *              for any verb: main_oci           main_run_command
 *
 * Nothing stays in memory from one verb to the next.  What has to, is in the
 * directory --root: see state.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "10-full-container/guard/arguments.h"
#include "10-full-container/guard/harden.h"
#include "10-full-container/last_stage.h"
#include "10-full-container/life/command.h"
#include "10-full-container/life/status.h"
#include "10-full-container/speed/pages.h"
#include "10-full-container/talk/log.h"

#define VERSION "1.0.0"

/* Those of a life first, in its order; then what engines ask for beside it. */
static const struct command commands[] = {
	{ "run", "[OPTION]... ID", "Create, start, wait, delete.", run_options,
	  NEEDS_ID | IS_INSIDE, command_run },
	{ "create", "[OPTION]... ID", "Make a container that waits for start.",
	  create_options, NEEDS_ID | IS_INSIDE, command_create },
	{ "start", "ID", "Let a created container run its program.", no_options,
	  NEEDS_ID, command_start },
	{ "state", "ID", "Print the state as JSON.", no_options, NEEDS_ID,
	  command_state },
	{ "kill", "[OPTION]... ID [SIGNAL]", "Send a signal (default: TERM).",
	  kill_options, NEEDS_ID | TAKES_WORD, command_kill },
	{ "delete", "[OPTION]... ID", "Remove a stopped container.",
	  delete_options, NEEDS_ID, command_delete },
	{ "exec", "[OPTION]... ID COMMAND [ARGUMENT]...",
	  "Run a further process in a container.", exec_options,
	  NEEDS_ID | IS_INSIDE | TAKES_WORDS, command_exec },
	{ "pause", "ID", "Freeze all processes of a container.", no_options,
	  NEEDS_ID, command_pause },
	{ "resume", "ID", "Let a paused container go on.", no_options, NEEDS_ID,
	  command_resume },
	{ "update", "OPTION... ID", "Change the limits of a container.",
	  update_options, NEEDS_ID, command_update },
	{ "events", "[OPTION]... ID",
	  "Tell what a container uses, and when its memory is full.",
	  events_options, NEEDS_ID, command_events },
	{ "ps", "[OPTION]... ID [OPTION OF PS]...",
	  "List the processes of a container, as ps(1) does.", ps_options,
	  NEEDS_ID | TAKES_WORDS, command_ps },
	{ "list", "[OPTION]...", "List the containers.", list_options, 0,
	  command_list },
	{ "features", "", "Print what this runtime can do, as JSON.",
	  no_options, 0, command_features },
	{ "spec", "[OPTION]... [-] [COMMAND [ARGUMENT]...]",
	  "Write a config.json with what the options say; - prints it.",
	  spec_options, TAKES_OPTIONS | TAKES_WORDS, command_spec },
};

/*
 * With json each line of the log is an object: why a `create` has failed,
 * containerd and Docker read there, and not on standard error.
 */
static int main_parse_format(void *field, const char *name, const char *value)
{
	*(bool *)field = strcmp(value, "json") == 0;
	if (*(bool *)field || strcmp(value, "text") == 0)
		return 0;
	return error_input("one of: text, json",
			   "option --%s: there is no format \"%s\"", name,
			   value);
}

/* In crun's and podman's words; with runc's there is --systemd-cgroup. */
static int main_parse_manager(void *field, const char *name, const char *value)
{
	*(const char **)field = value;
	if (strcmp(value, "systemd") == 0 || strcmp(value, "cgroupfs") == 0 ||
	    strcmp(value, "disabled") == 0)
		return 0;
	return error_input("one of: cgroupfs, disabled, systemd",
			   "option --%s: there is no manager \"%s\"", name,
			   value);
}

/*
 * Who may make no groups has a container without, if it has no limits.  With
 * "false" that is an error; "true" and "auto" are the same here.
 */
static int main_parse_rootless(void *field, const char *name, const char *value)
{
	*(bool *)field = strcmp(value, "false") == 0;
	if (*(bool *)field || strcmp(value, "true") == 0 ||
	    strcmp(value, "auto") == 0)
		return 0;
	return error_input("one of: auto, true, false",
			   "option --%s: \"%s\" is none of its words", name,
			   value);
}

static const struct option_entry main_options[] = {
	{ 0, "root", "DIR", "where states are kept", option_string,
	  offsetof(struct request, root) },
	{ 0, "log", "FILE", "write messages to FILE as well", option_string,
	  offsetof(struct request, log) },
	{ 0, "log-format", "FORMAT", "text or json", main_parse_format,
	  offsetof(struct request, log_json) },
	{ 0, "debug", NULL, "say each step that is made", option_flag,
	  offsetof(struct request, debug) },
	{ 0, "cgroup-manager", "NAME", "cgroupfs, systemd; disabled: no groups",
	  main_parse_manager, offsetof(struct request, manager) },
	{ 0, "systemd-cgroup", NULL, "have systemd make them", option_flag,
	  offsetof(struct request, systemd) },
	{ 0, "rootless", "WORD", "auto; true: no group will do; false: needed",
	  main_parse_rootless, offsetof(struct request, needs_group) },
	{ 'v', "version", NULL, "say which version this is", option_flag,
	  offsetof(struct request, version) },
	{ 0 },
};

static const struct command *main_find(const char *word)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(word, commands[i].name) == 0)
			return &commands[i];
	return NULL;
}

/*
 * Does the command line start as a runtime's?  "--root=/run/x state box"
 * Otherwise it is that of a stage, whose first word is one of a stage's
 * options or the command: `--rootfs` is no option of a runtime, `sh` no verb.
 */
static bool main_is_oci(const char *word, bool is_alone)
{
	size_t length = word ? strcspn(word, "=") : 0;

	if (!word)
		return false;
	if (strcmp(word, "-v") == 0) /* before a mount: --mount of stage 03 */
		return is_alone;
	for (const struct option_entry *o = main_options; o->name; o++)
		if (strncmp(word, "--", 2) == 0 &&
		    strlen(o->name) == length - 2 &&
		    strncmp(word + 2, o->name, length - 2) == 0)
			return true;
	return main_find(word) || strcmp(word, "help") == 0;
}

/* What is left over, from the first word that is no option on: words. */
static int main_parse(struct request *request, struct program *program,
		      const struct option_entry *options, int argc, char **argv)
{
	struct option_group groups[] = { { options, 0 }, { 0 } };

	program->groups = groups;
	return options_parse(program, request, argc, argv, &request->words);
}

/* Are there no options but --bundle?  An option may be given and be usual. */
static bool main_is_bare(char **argv, char *const *end)
{
	while (++argv < end) {
		if (strcmp(*argv, "-b") == 0 || strcmp(*argv, "--bundle") == 0)
			argv++;
		else if (strncmp(*argv, "--bundle=", 9) != 0)
			return false;
	}
	return true;
}

/* The same for `spec`: with the options of the stages, each in its place. */
static int main_parse_stages(struct request *request, struct program *program,
			     const struct option_entry *options, int argc,
			     char **argv)
{
	struct option_group groups[STAGES_GROUPS + 2] = { { options, 0 } };
	int parsed;

	for (int i = 0; last_stage_options[i].entries; i++) {
		groups[i + 1] = last_stage_options[i];
		groups[i + 1].offset += offsetof(struct request, stages);
	}
	program->groups = groups;
	parsed = options_parse(program, request, argc, argv, &request->words);
	request->is_bare = parsed == 0 && main_is_bare(argv, request->words);
	return parsed;
}

/* What was printed is lost if, say, the disk is full: that is an error. */
static int main_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	error_call(NULL, "print the result");
	return status ? status : EXIT_OCI;
}

static int main_take_id(const struct command *command, struct request *request)
{
	if (command->flags & NEEDS_ID && !request->words[0])
		return error_input(command->usage,
				   "%s: which container? Give its id",
				   command->name);
	if (command->flags & NEEDS_ID)
		request->id = *request->words++;
	return 0;
}

/* Behind the id, as many words as the verb has use for. */
static int main_check_words(const struct command *command,
			    const struct request *request)
{
	unsigned int room = command->flags & TAKES_WORD ? 1 : 0;

	for (unsigned int i = 0; i <= room; i++)
		if (!request->words[i])
			return 0;
	if (command->flags & TAKES_WORDS)
		return 0;
	return error_input(command->usage,
			   "%s: there is a word too many: \"%s\"",
			   command->name, request->words[room]);
}

/* From the verb on.  words[0] is the verb, as argv[0] is the program. */
static int main_run_command(const struct command *command,
			    struct request *request)
{
	char **argv = request->words, usage[128];
	struct program program = { .usage = usage,
				   .summary = command->summary };
	int argc = 0, parsed;

	while (argv[argc])
		argc++;
	snprintf(usage, sizeof(usage), "%s %s", command->name, command->usage);
	if (command->flags & TAKES_OPTIONS)
		parsed = main_parse_stages(request, &program, command->options,
					   argc, argv);
	else
		parsed = main_parse(request, &program, command->options, argc,
				    argv);
	if (parsed)
		return parsed > 0 ? 0 : EXIT_OCI;
	if (main_take_id(command, request) < 0)
		return EXIT_OCI;
	/* As runc has it: behind the id, too, where no command follows. */
	if (command->flags & NEEDS_ID && !(command->flags & TAKES_WORDS) &&
	    request->words[0]) {
		argv = request->words - 1;
		for (argc = 0; argv[argc]; argc++)
			continue;
		if (main_parse(request, &program, command->options, argc,
			       argv) != 0)
			return EXIT_OCI;
	}
	if (main_check_words(command, request) < 0)
		return EXIT_OCI;
	return main_finish(command->run(request));
}

static int main_print_version(void)
{
	printf("%s version %s\nspec: %s\n", program_invocation_short_name,
	       VERSION, OCI_VERSION);
	return main_finish(0);
}

/* Below the options that come before a verb: the verbs. */
static int main_print_verbs(void)
{
	printf("\nVERB --help tells more of:\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		printf("  %-8s %s\n", commands[i].name, commands[i].summary);
	return main_finish(0);
}

/*
 * The log is opened before anything can be wrong, so that the engine hears of
 * it.  harden_self() may execute this program once more, and then all starts
 * again from main(): so it comes while nothing has been made yet.
 */
static int main_oci(int argc, char **argv)
{
	CLEANUP_FREE char *root = state_default_root();
	static struct request request; /* large, and mostly stays unused */
	const struct command *command;
	struct program program = { .usage = "[OPTION]... VERB ...",
				   .summary = "Be an OCI runtime." };
	int parsed;

	if (!root)
		return EXIT_OCI;
	request.root = root;
	parsed = main_parse(&request, &program, main_options, argc, argv);
	if (parsed)
		return parsed > 0 ? main_print_verbs() : EXIT_OCI;
	if (request.version)
		return main_print_version();
	if (log_open(request.log, request.log_json) < 0)
		return EXIT_OCI;
	if (request.debug)
		log_steps();
	if (request.words[0] && strcmp(request.words[0], "help") == 0) {
		char *words[] = { argv[0], (char *)"--help", NULL };

		main_parse(&request, &program, main_options, 2, words);
		return main_print_verbs();
	}
	command = request.words[0] ? main_find(request.words[0]) : NULL;
	if (!command) {
		error_input("`help` lists the verbs", "no verb \"%s\"",
			    request.words[0] ? request.words[0] : "");
		return EXIT_OCI;
	}
	if (command->flags & IS_INSIDE) {
		harden_self(argv);
		pages_expect_heap();
	}
	log_step("%s, with the states in %s", command->name, request.root);
	return main_run_command(command, &request);
}

/* One letter more, less, another, or two in the wrong order. */
static bool main_is_near(const char *word, const char *verb)
{
	size_t same = 0;

	while (word[same] && word[same] == verb[same])
		same++;
	word += same;
	verb += same;
	if (!*word || !*verb)
		return strlen(word) + strlen(verb) == 1;
	return strcmp(word + 1, verb) == 0 || strcmp(word, verb + 1) == 0 ||
	       strcmp(word + 1, verb + 1) == 0 ||
	       (word[1] && word[0] == verb[1] && word[1] == verb[0] &&
		strcmp(word + 2, verb + 2) == 0);
}

/*
 * `statr box` would be a command of that name, and most of the host's rights
 * with it: somebody meant a verb.  `stat` is a verb's neighbour and a command.
 */
static void main_note_typo(const char *word)
{
	for (size_t i = 0; word && i < sizeof(commands) / sizeof(*commands);
	     i++)
		if (main_is_near(word, commands[i].name)) {
			error_note("\"%s\" is no verb (`help` lists them): it "
				   "is run as a command; did you mean %s?",
				   word, commands[i].name);
			return;
		}
}

int main(int argc, char **argv)
{
	if (main_is_oci(argv[1], argc == 2))
		return main_oci(argc, arguments_copy(argc, argv));
	harden_self(argv);
	main_note_typo(argv[1]);
	return last_stage_main(argc, argv);
}
