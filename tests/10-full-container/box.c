#include "tests/10-full-container/box.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/runner/runner.h"
#include "tests/runner/status.h"

#define HERE   "/run/mine"
#define BUNDLE HERE "/bundle"
#define STATES HERE "/states"
/* Of a name that begins so, busybox takes its first word as the command. */
#define PROBE "busybox-of-the-judge"

static bool is_bundle(const char *path)
{
	struct stat found;

	return path && stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

const char *box_runtime(void)
{
	return is_bundle(getenv("PROGRAM"))
		       ? text("%s/10-full-container", bin())
		       : program_under_test();
}

/*
 * The learner's own must stay as it is, and what writes to its root has to
 * succeed here.  Of a large root file system an overlay is a copy at once.
 * A "," or a ":" of its path would be read as options: so from within.
 */
static struct result *box_copy(const char *bundle)
{
	static const struct manner sh = { .program = "/bin/sh" };

	return run(&sh,
		   WORDS("-c",
			 "mkdir " HERE "/changes " HERE "/work " BUNDLE
			 " && cd \"$1\" && { mount -t overlay -o lowerdir=.,"
			 "upperdir=" HERE "/changes,workdir=" HERE
			 "/work mine " BUNDLE " 2>/dev/null || cp -a . " BUNDLE
			 "; }",
			 "sh", bundle));
}

static void box_take_bundle(void)
{
	static const struct manner sh = { .program = "/bin/sh" };
	const char *program = getenv("PROGRAM");
	struct result *r;

	ck_assert_int_eq(mkdir(HERE, 0755), 0);
	if (is_bundle(program))
		r = box_copy(program);
	else
		r = run(&sh, WORDS("exercises/10-full-container/solution.sh",
				   BUNDLE, rootfs()));
	ck_assert_msg(r->status == 0, "the bundle cannot be copied: %s",
		      r->err);
	if (access(BUNDLE "/config.json", R_OK) < 0)
		ck_abort_msg("there is no config.json in the bundle");
}

void box_forget_bundle(void)
{
	shell("umount -q " BUNDLE "; rm -r " HERE);
}

const char *box_must_stay(pid_t pid)
{
	const char *status = file_text("/proc/%d/status", (int)pid);

	ck_assert_msg(status[0] && !has(status, "\nState:\tZ"),
		      "it has ended after \"ready\": its program is to stay");
	return status;
}

/* A verb of its runtime. */
#define VERB(box, ...) \
	run(&(box)->runtime, WORDS("--root", STATES, __VA_ARGS__))

/* What somebody who has failed can type: of the copy nothing stays. */
static void box_tell(const char *runtime, const char *id)
{
	const char *line[] = { runtime,           "run", "--bundle",
			       getenv("PROGRAM"), id,    NULL };

	if (is_bundle(line[3]))
		runner_ran((char *const *)line);
}

/* One test has waited in vain: nineteen would take minutes.  All share it. */
static bool *box_was_silent;

__attribute__((constructor)) static void box_share(void)
{
	box_was_silent =
		mmap(NULL, sizeof(*box_was_silent), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

struct box box_run(const char *runtime, const char *id)
{
	struct box box = { .runtime.program = runtime, .id = id };
	char *pid, *instead;

	if (*box_was_silent)
		ck_abort_msg("it does not print the line \"ready\": see the "
			     "first test that waited for it");
	box.run = start(&box.runtime,
			WORDS("--root", STATES, "run", "--bundle", BUNDLE, id));
	box_tell(runtime, id);
	instead = late_line(&box.run, "ready");
	if (instead) {
		*box_was_silent = true;
		ck_abort_msg("%s", instead);
	}
	pid = strstr(VERB(&box, "state", id)->out, "\"pid\": ");
	box.pid = pid ? (pid_t)strtol(pid + strlen("\"pid\": "), NULL, 10) : 0;
	box.status = box_must_stay(box.pid);
	return box;
}

struct box box_begin(void)
{
	box_take_bundle();
	return box_run(box_runtime(), "box");
}

void box_kill(struct box *box)
{
	VERB(box, "kill", box->id, "KILL");
	finish(&box->run);
}

void box_end(struct box *box)
{
	box_kill(box);
	box_forget_bundle();
}

void box_ends_by_term(struct box *box, const char *with)
{
	struct result *r;

	ck_assert_int_eq(VERB(box, "kill", box->id, "TERM")->status, 0);
	ends_soon(&box->run,
		  text("%sSIGTERM does not end it: process 1 takes only "
		       "signals that it has a handler for, and a shell runs "
		       "its trap after the command that it waits for",
		       with));
	r = finish(&box->run);
	ck_assert_msg(r->status == 0, "%sSIGTERM ends it with %d, not 0: %s",
		      with, r->status, r->err);
}

char *box_root(const struct box *box)
{
	char *root = shell("find " BUNDLE " -maxdepth 4 -type d -samefile "
			   "/proc/%d/root/. -print -quit 2>/dev/null",
			   (int)box->pid);

	if (!root[0])
		box_must_stay(box->pid);
	return root;
}

/*
 * Its own root may have no shell, and none of what is asked for.  Whoever made
 * it may have put a link there, to a file of the host: that is not followed.
 */
struct result *box_inside(const struct box *box, const char *const words[])
{
	static const struct manner cp = { .program = "cp" };
	const char *line[32] = { "--root", STATES, "exec", box->id, "/" PROBE };
	char *root = box_root(box);

	for (size_t i = 0; words[i]; i++)
		line[5 + i] = words[i];
	ck_assert_msg(root[0], ROOT_OUTSIDE);
	run(&cp,
	    WORDS("-T", "--remove-destination",
		  text("%s/bin/busybox", rootfs()), text("%s/" PROBE, root)));
	return run(&box->runtime, line);
}

char *box_status(const struct box *box, const char *name)
{
	char *line = strstr(box->status, text("\n%s:\t", name));

	ck_assert_msg(line != NULL, "there is no %s", name);
	line += strlen(name) + strlen("\n:\t");
	return text("%.*s", (int)strcspn(line, "\n"), line);
}

char *box_mount(const struct box *box, const char *place)
{
	return shell("awk '$5 == \"%s\" { o = $6 } END { print o }' "
		     "/proc/%d/mountinfo",
		     place, (int)box->pid);
}

char *box_hostname(const struct box *box)
{
	return shell("nsenter -t %d -u hostname", (int)box->pid);
}
