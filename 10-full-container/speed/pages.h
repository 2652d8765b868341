/*
 * Memory that will be touched anyway, had in one call.
 *
 * The first touch of a page interrupts the program: the kernel finds out what
 * belongs there, and goes back.  After a fork the first write does so again,
 * on both sides, to copy the page.  A short program spends much of its time
 * with that.  madvise(2) can have it done for many pages at once (Linux 5.14,
 * MADV_POPULATE_WRITE).  What comes too early or too much costs memory, what
 * is forgotten costs a little time, and nothing is wrong in either case.
 *
 * The program's own file has its turn before all else: see entry.c.
 */
#pragma once

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ  22
#define MADV_POPULATE_WRITE 23
#endif

/* The code and the constants of a start: see mk/started.txt.  NULL if the
   program is not linked that way. */
#define PAGES_LINKED __attribute__((weak, visibility("hidden")))
extern const char started_text_begin[] PAGES_LINKED;
extern const char started_text_end[] PAGES_LINKED;
extern const char started_rodata_begin[] PAGES_LINKED;
extern const char started_rodata_end[] PAGES_LINKED;

/* In main(), for a verb that goes inside: the heap that config.json needs. */
void pages_expect_heap(void);

/* After a fork, on each side: what both go on writing to. */
void pages_own(void);

/* The same in the child, which has to find the program's file again, too. */
void pages_own_child(void);
