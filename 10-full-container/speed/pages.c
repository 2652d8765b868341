/*
 * Which pages a start touches was seen with `perf record -e minor-faults -d`
 * (docs/BENCH.md).
 */
#include "10-full-container/speed/pages.h"

#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGES_SIZE  4096UL
#define PAGES_TOTAL (33 * PAGES_SIZE) /* the heap that malloc(3) begins with */
#define PAGES_HEAP  (26 * PAGES_SIZE) /* of it, what an engine's file needs */
#define PAGES_EARLY (7 * PAGES_SIZE)  /* what is used again and again */
#define PAGES_LARGE (32 << 20)        /* the most that mallopt(3) takes */
#define PAGES_BELOW (1 * PAGES_SIZE)  /* of the stack, for what is called */
#define PAGES_ABOVE (6 * PAGES_SIZE)  /* and with struct container or join */

static char *pages_heap;

/* It only saves time, so that it may fail: on Linux before 5.14, say. */
static void pages_get(const char *from, const char *to, int advice)
{
	uintptr_t begin = (uintptr_t)from & ~(PAGES_SIZE - 1);

	madvise((void *)begin, (uintptr_t)to - begin, advice);
}

void pages_expect_heap(void)
{
	/* Large tables of which little is used, with the rest: no system calls
	   to have them and to give them back. */
	mallopt(M_MMAP_THRESHOLD, PAGES_LARGE);
	mallopt(M_TRIM_THRESHOLD, PAGES_LARGE);
	pages_heap = (char *)sbrk(0) - PAGES_TOTAL;
	pages_get(pages_heap, pages_heap + PAGES_HEAP, MADV_POPULATE_WRITE);
}

void pages_own(void)
{
	const char *here = __builtin_frame_address(0);

	pages_get(pages_heap, pages_heap + PAGES_EARLY, MADV_POPULATE_WRITE);
	pages_get(here - PAGES_BELOW, here + PAGES_ABOVE, MADV_POPULATE_WRITE);
}

/* A fork copies where to find memory, but not where to find a file's pages. */
void pages_own_child(void)
{
	pages_get(started_text_begin, started_text_end, MADV_POPULATE_READ);
	pages_get(started_rodata_begin, started_rodata_end, MADV_POPULATE_READ);
	pages_own();
}
