/* Draw the map. */
#include <linux/sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "tools/nsmap/nsmap.h"

/* The rest of a line: "of uid 1000; 2 processes: 1 init, 7 sh". */
static void nsmap_print_facts(const struct space *space)
{
	const char *between = "";

	if (nsmap_is_kind(space, CLONE_NEWUSER)) {
		printf("of uid %u", space->uid);
		between = "; ";
	}
	if (nsmap_is_kind(space, CLONE_NEWPID) && space->parent &&
	    (!space->above || space->parent != space->above->id)) {
		printf("%sinside of pid:[%lu]", between,
		       (unsigned long)space->parent);
		between = "; ";
	}
	printf("%s%d process%s", between, space->count,
	       space->count == 1 ? "" : "es");
	for (int i = 0; i < space->count && i < SHOWN; i++)
		printf("%s%s%d %s", i ? ", " : ": ",
		       space->shown[i].is_parent ? "children of " : "",
		       space->shown[i].pid, space->shown[i].name);
	if (space->count > SHOWN)
		printf(", ...");
	if (space->mount)
		printf("; mounted on %s", space->mount);
}

static void nsmap_print_name(const struct space *space)
{
	printf("%s:[%lu]", space->kind->name, (unsigned long)space->id);
}

/* Draw what hangs on `above`; NULL: what hangs on nothing that we see. */
static void nsmap_draw_below(const struct map *map, const struct space *above,
			     const char *indent)
{
	size_t left = 0;
	char *deeper;

	for (size_t i = 0; i < map->count; i++)
		left += map->spaces[i]->above == above;
	for (size_t i = 0; i < map->count; i++) {
		const struct space *space = map->spaces[i];

		if (space->above != above)
			continue;
		left--;
		printf("%s%s", indent, !above ? "" : left ? "|-- " : "`-- ");
		nsmap_print_name(space);
		printf("  ");
		nsmap_print_facts(space);
		putchar('\n');
		if (asprintf(&deeper, "%s%s", indent,
			     !above ? ""
			     : left ? "|   "
				    : "    ") < 0)
			return;
		nsmap_draw_below(map, space, deeper);
		free(deeper);
	}
}

void nsmap_draw(const struct map *map)
{
	nsmap_draw_below(map, NULL, "");
}

/* The same for graphviz: nsmap --dot | dot -Tsvg >map.svg */
void nsmap_draw_dot(const struct map *map)
{
	puts("digraph namespaces {\n\trankdir=LR\n\tnode [shape=box]");
	for (size_t i = 0; i < map->count; i++) {
		const struct space *space = map->spaces[i];
		bool is_user = nsmap_is_kind(space, CLONE_NEWUSER);

		printf("\t\"%lu\" [%slabel=\"", (unsigned long)space->id,
		       is_user ? "style=bold, " : "");
		nsmap_print_name(space);
		printf("\\n");
		nsmap_print_facts(space);
		puts("\"]");
		if (space->above)
			printf("\t\"%lu\" -> \"%lu\"%s\n",
			       (unsigned long)space->above->id,
			       (unsigned long)space->id,
			       is_user ? " [style=bold]" : "");
	}
	puts("}");
}
