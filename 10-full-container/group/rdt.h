/* linux.intelRdt: a group of resctrl for the container. */
#pragma once

#include "10-full-container/guard/member.h"
#include "10-full-container/talk/state.h"

struct rdt {
	bool is_wanted, is_counted;
	const char *closid; /* NULL: the container's own */
	const char *l3, *mb;
	char **schemata;
};

/* linux.intelRdt.  Without a mounted resctrl it is refused. */
member_read rdt_read;
extern const struct member rdt_members[];
void rdt_free(struct rdt *rdt);

/* In the parent: put the process in, and note in the state what was made. */
int rdt_enter(const struct rdt *rdt, struct state *state, pid_t pid);

/* When the container is deleted: what was made for it goes. */
int rdt_remove(const struct state *state);
