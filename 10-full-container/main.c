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
#include "habits/count.h"
#include "habits/error.h"
#include "10-full-container/guard/arguments.h"
#include "10-full-container/guard/harden.h"
#include "10-full-container/last_stage.h"
#include "10-full-container/life/command.h"
#include "10-full-container/life/status.h"
#include "10-full-container/talk/engine.h"

/* VERSION and COMMIT: mk/version.mk. */
#include "10-full-container/version.inc"

#define OPTIONS(...)        \
	{                   \
		__VA_ARGS__ \
	}

/*
 * Those of a life first, in its order; then what engines ask for beside it.
 * What is an `act` gets the state of a container, which must be there.
 */
static const struct command commands[] = {
	{ "run", "[OPTION]... ID", "Create, start, wait, delete.",
	  OPTIONS(run_options, request_bundle_options, request_process_options),
	  NEEDS_ID | IS_INSIDE, .run = command_run },
	{ "create", "[OPTION]... ID", "Make a container that waits for start.",
	  OPTIONS(request_bundle_options, request_process_options),
	  NEEDS_ID | IS_INSIDE, .run = command_create },
	{ "start", "ID", "Let a created container run its program.",
	  OPTIONS(NULL), NEEDS_ID, .run = command_start },
	{ "state", "ID", "Print the state as JSON.", OPTIONS(NULL), NEEDS_ID,
	  .act = command_state },
	{ "kill", "[OPTION]... ID [SIGNAL]", "Send a signal (default: TERM).",
	  OPTIONS(kill_options), NEEDS_ID | TAKES_WORD, .run = command_kill },
	{ "delete", "[OPTION]... ID", "Remove a stopped container.",
	  OPTIONS(delete_options), NEEDS_ID, .run = command_delete },
	{ "exec", "[OPTION]... ID COMMAND [ARGUMENT]...",
	  "Run a further process in a container.",
	  OPTIONS(exec_options, request_process_options),
	  NEEDS_ID | IS_INSIDE | TAKES_WORDS, .run = command_exec },
	{ "pause", "ID", "Freeze all processes of a container.", OPTIONS(NULL),
	  NEEDS_ID | LOCKS, .act = command_pause },
	{ "resume", "ID", "Let a paused container go on.", OPTIONS(NULL),
	  NEEDS_ID | LOCKS, .act = command_resume },
	{ "update", "OPTION... ID", "Change the limits of a container.",
	  OPTIONS(update_options), NEEDS_ID, .run = command_update },
	{ "events", "[OPTION]... ID",
	  "Tell what a container uses, and when its memory is full.",
	  OPTIONS(events_options), NEEDS_ID, .act = command_events },
	{ "ps", "[OPTION]... ID [OPTION OF PS]...",
	  "List the processes of a container, as ps(1) does.",
	  OPTIONS(ps_options), NEEDS_ID | TAKES_WORDS, .act = command_ps },
	{ "list", "[OPTION]...", "List the containers.", OPTIONS(list_options),
	  0, .run = command_list },
	{ "features", "", "Print what this runtime can do, as JSON.",
	  OPTIONS(NULL), 0, .run = command_features },
	{ "spec", "[OPTION]... [-] [COMMAND [ARGUMENT]...]",
	  "Write a config.json with what the options say; - prints it.",
	  OPTIONS(spec_options), TAKES_OPTIONS | TAKES_WORDS,
	  .run = command_spec },
};

static const struct command *main_find(const char *word)
{
	for (size_t i = 0; i < COUNT(commands); i++)
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
	for (const struct option_entry *o = request_options; o->name; o++)
		if (strncmp(word, "--", 2) == 0 &&
		    strlen(o->name) == length - 2 &&
		    strncmp(word + 2, o->name, length - 2) == 0)
			return true;
	return main_find(word) || strcmp(word, "help") == 0;
}

static const struct option_entry *const main_tables[] = { request_options,
							  NULL };

/*
 * What is left over, from the first word that is no option on: words.  `spec`
 * takes the options of the stages as well, each in its place.
 */
static int main_parse(struct request *request, struct program *program,
		      const struct option_entry *const *tables,
		      bool takes_stages, int argc, char **argv)
{
	struct option_group groups[COMMAND_TABLES + STAGES_GROUPS] = { { 0 } };
	size_t count = 0;

	for (; *tables; tables++)
		groups[count++].entries = *tables;
	for (int i = 0; takes_stages && last_stage_options[i].entries; i++) {
		groups[count] = last_stage_options[i];
		groups[count++].offset += offsetof(struct request, stages);
	}
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

/* Of those that only ask for a container's state, and change it at most. */
static int main_act(const struct command *command, struct request *request)
{
	struct state state;
	int result;

	if (state_open(&state, request->root, request->id,
		       command->flags & LOCKS) < 0)
		return EXIT_OCI;
	result = command->act(request, &state);
	state_close(&state);
	return result < 0 ? EXIT_OCI : 0;
}

static int main_count(char *const *words)
{
	int count = 0;

	while (words[count])
		count++;
	return count;
}

/* From the verb on.  words[0] is the verb, as argv[0] is the program. */
static int main_run_command(const struct command *command,
			    struct request *request)
{
	char **argv = request->words, usage[128];
	struct program program = { .usage = usage,
				   .summary = command->summary };
	bool takes_stages = command->flags & TAKES_OPTIONS;
	int parsed;

	snprintf(usage, sizeof(usage), "%s %s", command->name, command->usage);
	parsed = main_parse(request, &program, command->options, takes_stages,
			    main_count(argv), argv);
	if (parsed)
		return parsed > 0 ? 0 : EXIT_OCI;
	request->is_bare = main_is_bare(argv, request->words);
	if (main_take_id(command, request) < 0)
		return EXIT_OCI;
	/* As runc has it: behind the id, too, where no command follows. */
	if (command->flags & NEEDS_ID && !(command->flags & TAKES_WORDS) &&
	    request->words[0]) {
		argv = request->words - 1;
		if (main_parse(request, &program, command->options, false,
			       main_count(argv), argv) != 0)
			return EXIT_OCI;
	}
	if (main_check_words(command, request) < 0)
		return EXIT_OCI;
	return main_finish(command->run ? command->run(request)
					: main_act(command, request));
}

/* In the form that engines read: runc's. */
static int main_print_version(void)
{
	printf("%s version %s\ncommit: %s\nspec: %s\n",
	       program_invocation_short_name, VERSION, COMMIT, OCI_VERSION);
	return main_finish(0);
}

/* Below the options that come before a verb: the verbs. */
static int main_print_verbs(void)
{
	printf("\nVERB --help tells more of:\n");
	for (size_t i = 0; i < COUNT(commands); i++)
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
	parsed = main_parse(&request, &program, main_tables, false, argc, argv);
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

		main_parse(&request, &program, main_tables, false, 2, words);
		return main_print_verbs();
	}
	command = request.words[0] ? main_find(request.words[0]) : NULL;
	if (!command) {
		error_input("`help` lists the verbs", "no verb \"%s\"",
			    request.words[0] ? request.words[0] : "");
		return EXIT_OCI;
	}
	if (command->flags & IS_INSIDE)
		harden_self(argv);
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
	for (size_t i = 0; word && i < COUNT(commands); i++)
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
