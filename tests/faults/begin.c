#include "tests/faults/begin.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "tests/faults/registers.h"

static uintptr_t begin_search(const char *file, const ElfW(Shdr) * symbols,
			      const ElfW(Shdr) * names)
{
	const ElfW(Sym) *all = (const void *)(file + symbols->sh_offset);

	for (size_t i = 0; i < symbols->sh_size / sizeof(*all); i++)
		if (strcmp(file + names->sh_offset + all[i].st_name, "main") ==
		    0)
			return all[i].st_value;
	return 0;
}

struct begin begin_of(const char *program)
{
	CLEANUP_CLOSE int fd = open(program, O_RDONLY | O_CLOEXEC);
	const ElfW(Shdr) * sections;
	struct begin begin = { 0 };
	const ElfW(Ehdr) * header;
	struct stat status;
	const char *file;

	if (fd < 0 || fstat(fd, &status) < 0)
		return begin;
	file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd,
		    0);
	if (file == MAP_FAILED)
		return begin;
	header = (const void *)file;
	sections = (const void *)(file + header->e_shoff);
	begin.entry = header->e_entry;
	for (int i = 0; i < header->e_shnum && !begin.main; i++)
		if (sections[i].sh_type == SHT_SYMTAB)
			begin.main =
				begin_search(file, &sections[i],
					     &sections[sections[i].sh_link]);
	munmap((void *)file, (size_t)status.st_size);
	return begin;
}

/* Where the program's first instruction is in the memory of that process. */
static uintptr_t begin_entry(pid_t pid)
{
	CLEANUP_CLOSE int fd = -1;
	ElfW(auxv_t) entry;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/auxv", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && read(fd, &entry, sizeof(entry)) == sizeof(entry))
		if (entry.a_type == AT_ENTRY)
			return entry.a_un.a_val;
	return 0;
}

uintptr_t begin_plant(const struct begin *begin, pid_t pid, long *instead)
{
	uintptr_t entry = begin_entry(pid), place;
	unsigned long word;

	if (!begin->main || !entry)
		return 0;
	place = entry - begin->entry + begin->main;
	*instead = ptrace(PTRACE_PEEKTEXT, pid, place, NULL);
	word = ((unsigned long)*instead & ~registers_trap_mask) |
	       registers_trap;
	if (ptrace(PTRACE_POKETEXT, pid, place, word) < 0)
		return 0;
	return place;
}

void begin_remove(pid_t pid, uintptr_t place, long instead)
{
	ptrace(PTRACE_POKETEXT, pid, place, instead);
	registers_return_to(pid, place);
}
