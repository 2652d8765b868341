# A package for Debian, from a copy of the tree: what is in bin/ and build/ has other
# flags.  Its tools (devscripts are not needed): apt install dpkg-dev debhelper

DEB := $(BUILD)/deb

#: deb                 a package for Debian, in build/deb (dpkg-dev, debhelper)
.PHONY: deb
deb:
	@command -v dpkg-buildpackage dh >/dev/null || { \
		echo "make deb: dpkg-buildpackage and dh are needed: apt install dpkg-dev debhelper" >&2; false; }
	@rm -rf --one-file-system $(DEB)
	@mkdir -p $(DEB)/ten-steps
	@tar -c --exclude-vcs --exclude=./bin --exclude='./$(BUILD)' --exclude=./build --exclude=./mine \
		--exclude=node_modules . | tar -x -C $(DEB)/ten-steps
	@echo "its build says all in $(DEB)/log"; set -- $$(mk/version.sh); cd $(DEB)/ten-steps && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
		-u BIN -u BUILD COMMIT="$$2" dpkg-buildpackage -us -uc -b >../log 2>&1 || \
		{ tail -n 20 ../log >&2; exit 1; }
	@rm -rf --one-file-system $(DEB)/ten-steps
	@ls $(DEB)/*.deb
