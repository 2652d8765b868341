#include "tests/explain/subject.h"

#include <string.h>

#include "tests/runner/helpers.h"

char *subject(const char *options, const char *source)
{
	if (strcmp(shell("command -v cc"), "") == 0)
		skip("cc is not installed");
	return shell("cat >/run/subject.c <<'END'\n%s\nEND\n"
		     "cc %s -o /run/subject /run/subject.c 2>&1",
		     source, options);
}

struct running subject_attach(struct running *program)
{
	struct running story;
	int pid = (int)program->pid;

	expect(program, "ready");
	story = start(NULL, WORDS("--attach", text("%d", pid)));
	while (has(file_text("/proc/%d/status", pid), "TracerPid:\t0\n"))
		;
	return story;
}
