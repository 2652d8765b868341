/* Namespaces: clone(2), unshare(2), setns(2), and what is set in them. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>

#include "tools/explain/kinds.h"
#include "tools/explain/tell.h"
#include "tools/explain/text.h"

/* The word between the `i`th noun and the one before. */
static const char *tell_between(int i, int count)
{
	return i == 0 ? "" : i == count - 1 ? " and " : ", ";
}

void tell_spaces(struct step *step, uint64_t flags, char *words, size_t size)
{
	int count = 0, i = 0;
	size_t length = 0;

	words[0] = '\0';
	for (const struct space *space = spaces; space->flag; space++)
		count += (flags & space->flag) != 0;
	for (const struct space *space = spaces; space->flag; space++) {
		if (!(flags & space->flag))
			continue;
		length +=
			(size_t)snprintf(words + length, size - length, "%s%s",
					 tell_between(i++, count), space->noun);
		step_what(step, "%s", space->name);
		step_chapter(step, space->chapter);
	}
}

/* "clone NEWPID NEWNS": by what is new the story merges and compares. */
static void tell_key(struct step *step, const char *call)
{
	snprintf(step->kind, sizeof(step->kind), "%s%s%.80s", call,
		 step->what[0] ? " " : "", step->what);
	text_clean(step->kind);
}

static void tell_born_in(struct call *call, int fd)
{
	char group[CALL_TEXT];

	call_link(call, fd, group);
	step_what(&call->step, "INTO_CGROUP %s", group);
	step_words(&call->step, "%sborn as a member of a group",
		   call->step.words[0] ? "and " : "");
	step_chapter(&call->step, "05");
}

static void tell_child(struct call *call, uint64_t flags, int group)
{
	struct step *step = &call->step;
	char words[128];

	if (flags & CLONE_THREAD)
		return;
	tell_spaces(step, flags, words, sizeof(words));
	tell_key(step, "clone");
	if (words[0])
		step_words(step, "%s of its own", words);
	if (flags & CLONE_INTO_CGROUP)
		tell_born_in(call, group);
	if (!step->chapters[0])
		step_is(step, "fork");
}

void tell_clone(struct call *call)
{
	tell_child(call, call->argument[0] & 0xffffffff & ~(uint64_t)CSIGNAL,
		   -1);
}

void tell_clone3(struct call *call)
{
	struct clone_args arguments = { 0 };
	size_t size = sizeof(arguments);

	if (call->argument[1] < size)
		size = (size_t)call->argument[1];
	if (call_read(call, call->argument[0], &arguments, size) == 0)
		tell_child(call, arguments.flags, (int)arguments.cgroup);
}

/* These a process does not change for itself. */
static void tell_next_child(struct step *step, uint64_t flags, uint64_t which)
{
	char words[128] = "";

	for (const struct space *space = spaces; space->flag; space++)
		if (flags & which & space->flag)
			snprintf(words + strlen(words),
				 sizeof(words) - strlen(words), "%s%s",
				 *words ? ", " : "", space->noun);
	if (*words)
		step_words(step, "(%s: for its next child)", words);
}

void tell_unshare(struct call *call)
{
	struct step *step = &call->step;
	char words[128];

	tell_spaces(step, call->argument[0], words, sizeof(words));
	if (!words[0])
		return;
	tell_key(step, "unshare");
	step_words(step, "from now on %s of its own", words);
	tell_next_child(step, call->argument[0], CLONE_NEWPID | CLONE_NEWTIME);
}

/* What is behind the descriptor: one namespace's kind, or a process's many. */
void tell_setns(struct call *call)
{
	uint64_t flags = call->argument[1] & 0xffffffff;
	struct step *step = &call->step;
	char link[CALL_TEXT], words[128];

	call_link(call, call_fd(call, 0), link);
	for (const struct space *space = spaces; space->flag; space++)
		if (strncmp(link, space->link, strlen(space->link)) == 0 &&
		    link[strlen(space->link)] == ':')
			flags = space->flag;
	if (!flags) /* a path that a namespace is mounted on, closed, or none */
		step_what(step, "%s", link);
	tell_spaces(step, flags, words, sizeof(words));
	tell_key(step, "setns");
	step_words(step, "from now on %s that others have",
		   words[0] ? words : "a namespace");
	tell_next_child(step, flags, CLONE_NEWPID);
}

void tell_hostname(struct call *call)
{
	size_t length = (size_t)call->argument[1];
	char name[CALL_TEXT];
	bool is_host = strcmp(call->step.call, "sethostname") == 0;

	step_is(&call->step, is_host ? "hostname" : "domainname");
	call_read_text(call, call->argument[0], name,
		       length < CALL_TEXT - 1 ? length + 1 : CALL_TEXT);
	step_what(&call->step, "%s", name);
}
