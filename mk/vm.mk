# Virtual machines: ./kit installs what they need, so it is asked.

#: vm                  a virtual machine with the kit in it (./kit vm --help)
#: check-vm            every test in guests as users have them (./kit check-vm --list)
#: check-clean         every test in a new Debian, typed by an ordinary user at a terminal
#: check-all           all that CI runs, and nothing by turns (as root; more than an hour)
#: check-deb           the package for Debian: built, installed, used and removed in a new Debian
.PHONY: vm check-vm check-clean check-deb check-all
vm check-vm check-clean check-deb check-all:
	@./kit $@
