/*
 * Who the further process is: as the first one, with changes.
 *
 * Either --process names a file with all of it, as engines do it, or the
 * options change some of what config.json says, as people want it.
 *
 * The file is a `process` of config.json by itself, and replaces the
 * container's as a whole.  What is beside `process` there holds in both
 * cases: the filter, the namespaces, the group.
 */
#include "10-full-container/life/exec_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/hints.h"
#include "07-caps/beyond/caps_names.h"
#include "07-caps/beyond/id.h"
#include "10-full-container/guard/json.h"

/* Variables that were given come last, where they win; older ones go. */
static int exec_set_env(struct process *process, const struct request_list *new)
{
	size_t count = 0, kept = 0;
	char **env;

	while (process->env && process->env[count])
		count++;
	env = calloc(count + new->count + 1, sizeof(char *));
	if (!env)
		return error_call(NULL, "set the variables");
	for (size_t i = 0; i < count; i++) {
		size_t length = strcspn(process->env[i], "=");
		bool is_replaced = false;

		for (size_t j = 0; j < new->count; j++)
			is_replaced |= strncmp(process->env[i], new->items[j],
					       length) == 0 &&
				       new->items[j][length] == '=';
		if (!is_replaced)
			env[kept++] = process->env[i];
	}
	for (size_t j = 0; j < new->count; j++)
		env[kept++] = (char *)new->items[j];
	free(process->env);
	process->env = env;
	return 0;
}

/*
 * Not inheritable: a file with capabilities of its own could pick those up
 * later (CVE-2022-29162).  In the bounding set as well: of what a file
 * permits (and to root each permits all), an exec leaves what is in there.
 * Who is not root keeps only what is ambient.  That wants it inheritable, so
 * it can be had where config.json has said so.
 */
static int exec_set_caps(struct process *process,
			 const struct request_list *new)
{
	for (size_t i = 0; i < new->count; i++) {
		int number = caps_from_name(new->items[i]);

		if (number < 0)
			return error_input("capabilities(7) lists them",
					   "option --cap: no capability is "
					   "called \"%s\"",
					   new->items[i]);
		process->caps.bounding |= CAPS_BIT(number);
		process->caps.permitted |= CAPS_BIT(number);
		process->caps.effective |= CAPS_BIT(number);
		process->caps.ambient |=
			process->caps.inheritable & CAPS_BIT(number);
	}
	return 0;
}

/* Numbers only: a name would be one of the container's /etc/passwd. */
static int exec_set_user(struct process *process, const char *text)
{
	struct process_user *user = &process->user;

	if (id_parse_user(text, &user->uid, &user->gid) == 0)
		return 0;
	return error_input("give numbers: UID or UID:GID",
			   "option --user: \"%s\" is not a user; ids go from "
			   "0 to %u",
			   text, ID_MAX);
}

/* They come to those that the process has already. */
static int exec_set_gids(struct process *process,
			 const struct request_list *new)
{
	struct process_user *user = &process->user;
	size_t count = user->group_count;
	gid_t *groups = calloc(count + new->count + 1, sizeof(gid_t));

	if (!groups)
		return error_call(NULL, "set the groups");
	if (count > 0)
		memcpy(groups, user->groups, count * sizeof(gid_t));
	free((gid_t *)user->groups);
	user->groups = groups;
	for (size_t i = 0; i < new->count; i++) {
		const char *rest = id_parse(new->items[i], &groups[count]);

		if (!rest || *rest)
			return error_input("give a number; repeat the option",
					   "option --additional-gids: \"%s\" "
					   "is not a group; ids go from 0 to "
					   "%u",
					   new->items[i], ID_MAX);
		user->group_count = ++count;
	}
	return 0;
}

static int exec_set_args(struct process *process, char **words)
{
	size_t count = 0;

	while (words[count])
		count++;
	if (count == 0)
		return error_input("exec ID COMMAND, or --process FILE",
				   "exec: no command given");
	free(process->args);
	process->args = calloc(count + 1, sizeof(char *));
	if (!process->args)
		return error_call(NULL, "keep the command");
	memcpy(process->args, words, count * sizeof(char *));
	return 0;
}

/* To be confined otherwise than the container; never, silently, not at all. */
static int exec_set_lsm(struct process *process, const struct request *request)
{
	int is_there = request->apparmor ? lsm_has_apparmor() : 1;

	if (is_there == 0)
		return error_input(hint_modules,
				   "option --apparmor: this machine has "
				   "no AppArmor");
	if (is_there > 0 && request->label)
		is_there = lsm_has_selinux();
	if (is_there == 0)
		return error_input(hint_modules,
				   "option --process-label: this machine "
				   "has no SELinux");
	if (is_there < 0)
		return -1;
	if (request->apparmor)
		process->lsm.profile = request->apparmor;
	if (request->label)
		process->lsm.label = request->label;
	return 0;
}

/*
 * All that was given.  no_new_privs can be added and not taken away: the
 * kernel has no way back from it either (prctl(2)).
 */
static int exec_change(struct process *process, const struct request *request)
{
	if (exec_set_args(process, request->words) < 0 ||
	    exec_set_env(process, &request->env) < 0 ||
	    exec_set_caps(process, &request->caps) < 0 ||
	    exec_set_gids(process, &request->gids) < 0 ||
	    exec_set_lsm(process, request) < 0)
		return -1;
	if (request->user && exec_set_user(process, request->user) < 0)
		return -1;
	if (request->cwd)
		process->cwd = request->cwd;
	if (!process->cwd || process->cwd[0] != '/')
		return error_input(NULL, "option --cwd: not an absolute path");
	process->terminal = request->tty;
	process->no_new_privs |= request->no_new_privs;
	return 0;
}

/* The file is kept by `document`, which the process points into. */
static int exec_read_process(struct process *process, const char *path,
			     json_t **document)
{
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct value root = { .key = path };

	/* A pipe, too: who calls us names it, and means it. */
	if (fd < 0)
		return error_call(NULL, "open %s", path);
	*document = json_read(fd, path);
	root.value = *document;
	return *document ? spec_read_process(&root, process) : -1;
}

/*
 * Taken out of the spec, which is freed without it: what both pointed to has
 * one owner.
 */
int exec_process(struct process *process, const struct request *request,
		 struct spec *spec, json_t **document)
{
	if (request->process)
		return exec_read_process(process, request->process, document);
	*process = spec->process;
	spec->process = (struct process){ 0 };
	return exec_change(process, request);
}
