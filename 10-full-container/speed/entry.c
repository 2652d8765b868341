/*
 * The first instructions of the program, before those of the C library.
 *
 * A verb that goes inside runs the program again from a file that nobody can
 * write (harden.h), and all that was done before is thrown away.  The C
 * library does much before main(): it relocates a static program, asks the
 * processor what it can do, touches forty pages.  Having it do so only once
 * saves a tenth of the cpu time of a start (README.md).
 *
 * It only comes first, it replaces nothing: whatever fails here, main() has
 * another way, and says so.  As there is no C library yet, system calls are
 * made by hand, nothing is called that another file defines, and the stack
 * has no canary (see the Makefile, which also names entry_start).
 */
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <linux/mount.h>
#include <stdbool.h>
#include <sys/syscall.h>

#include "10-full-container/speed/raw_call.h"

/*
 * The kernel leaves argc, argv and environ on the stack.  _start is the C
 * library's beginning, and finds everything as if nothing had been before.
 */
#if defined(__x86_64__)
__asm__(".globl entry_start\n"
	".type entry_start, @function\n"
	"entry_start:\n"
	"	mov %rdx, %rbx\n" /* what atexit(3) is to call, or 0 */
	"	mov %rsp, %rdi\n"
	"	call entry_main\n"
	"	mov %rbx, %rdx\n"
	"	jmp _start\n");
#elif defined(__aarch64__)
__asm__(".globl entry_start\n"
	".type entry_start, %function\n"
	"entry_start:\n"
	"	mov x19, x0\n" /* what atexit(3) is to call, or 0 */
	"	mov x0, sp\n"
	"	bl entry_main\n"
	"	mov x0, x19\n"
	"	b _start\n");
#elif defined(__i386__)
__asm__(".globl entry_start\n"
	".type entry_start, @function\n"
	"entry_start:\n"
	"	mov %edx, %ebx\n" /* what atexit(3) is to call, or 0 */
	"	mov %esp, %eax\n"
	"	sub $12, %esp\n"
	"	push %eax\n"
	"	call entry_main\n"
	"	add $16, %esp\n"
	"	mov %ebx, %edx\n"
	"	jmp _start\n");
#endif

static bool entry_is(const char *word, const char *verb)
{
	while (*word && *word == *verb)
		word++, verb++;
	return *word == *verb;
}

/* Any word counts: to do it in vain costs a little, and harms nobody. */
static bool entry_goes_inside(char **argv)
{
	for (; *argv; argv++)
		if (entry_is(*argv, "run") || entry_is(*argv, "create") ||
		    entry_is(*argv, "exec"))
			return true;
	return false;
}

/*
 * Has it been done?  What was started from a descriptor has /dev/fd/N as its
 * file's name.  Who else does that gets what main() does.
 */
static bool entry_is_again(char **environment)
{
	static const char again[] = "/dev/fd/";
	const ElfW(auxv_t) * entry;
	const char *name = "";

	while (*environment)
		environment++;
	entry = (const ElfW(auxv_t) *)(environment + 1); /* getauxval(3) */
	for (; entry->a_type != AT_NULL; entry++)
		if (entry->a_type == AT_EXECFN)
			name = (const char *)entry->a_un.a_val;
	for (unsigned int i = 0; i < sizeof(again) - 1; i++)
		if (name[i] != again[i])
			return false;
	return true;
}

/*
 * Called from above only.  The first time it does what harden_mount() would, see
 * there; the second time nothing.
 */
__attribute__((used)) void entry_main(long *stack);
void entry_main(long *stack)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	char **argv = (char **)(stack + 1), **environment = argv + *stack + 1;
	long fd;

	if (!entry_goes_inside(argv) || entry_is_again(environment))
		return;
	fd = raw_call(SYS_open_tree, AT_FDCWD, (long)"/proc/self/exe",
		      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC, 0, 0);
	if (fd < 0)
		return;
	if (raw_call(SYS_mount_setattr, fd, (long)"", AT_EMPTY_PATH,
		     (long)&attr, sizeof(attr)) == 0)
		raw_call(SYS_execveat, fd, (long)"", (long)argv,
			 (long)environment, AT_EMPTY_PATH);
	raw_call(SYS_close, fd, 0, 0, 0, 0);
}
