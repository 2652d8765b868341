/*
 * The table of names, made from the headers of this machine.
 *
 * The compiler's preprocessor is asked for all the __NR_ constants that it
 * knows: so the numbers are those of the architecture that the program is
 * built for.
 */
#include "09-seccomp/beyond/syscalls.h"

#include <asm/unistd.h>
#include <stdlib.h>
#include <string.h>

#include "habits/count.h"

/* Generated in the order of the names: see mk/seccomp.mk. */
static const struct syscall_entry {
	const char *name;
	int number;
} syscall_table[] = {
#include "09-seccomp/syscalls.inc"
};

#define SYSCALL_COUNT COUNT(syscall_table)

/* By halves: a policy asks for 300 names each time a container starts. */
int syscall_number(const char *name, size_t length)
{
	size_t low = 0, high = SYSCALL_COUNT;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct syscall_entry *entry = &syscall_table[middle];
		int order = strncmp(name, entry->name, length);

		if (order == 0 && entry->name[length] == '\0')
			return entry->number;
		if (order > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

/*
 * The table is in the order of the names, so a number has to be looked for.
 * It is only done to print.
 */
const char *syscall_name(int number)
{
	for (size_t i = 0; i < SYSCALL_COUNT; i++)
		if (syscall_table[i].number == number)
			return syscall_table[i].name;
	return NULL;
}

/* Since Linux 5.1 a new call has one number everywhere, above all old ones. */
int syscall_highest(void)
{
	int highest = 0;

	for (size_t i = 0; i < SYSCALL_COUNT; i++)
		if (syscall_table[i].number > highest)
			highest = syscall_table[i].number;
	return highest;
}
