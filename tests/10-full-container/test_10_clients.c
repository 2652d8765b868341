/*
 * Stage 10: programs that others wrote prepare its bundles.  Engines, which
 * call it, have scripts in tests/oci.
 */
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

static void need(const char *program)
{
	if (!*shell("command -v %s", program))
		skip("%s is not installed", program);
}

/* An image of one layer, made here: no registry is asked. */
static void make_oci_image(void)
{
	need("umoci");
	shell("mkdir /run/image && cd /run/image && umoci init --layout o && "
	      "umoci new --image o:one && umoci unpack --image o:one made && "
	      "cp -a %s/. made/rootfs && umoci repack --image o:one made && "
	      "umoci config --image o:one --config.env COLOR=blue "
	      "--config.cmd sh --config.cmd=-c --config.cmd 'echo $COLOR; "
	      "exit 6' --config.workingdir /tmp && rm -r made",
	      rootfs());
}

static void remove_oci_image(void)
{
	shell("rm -rf /run/image");
}

START_TEST(an_image_unpacked_by_umoci_runs)
{
	struct result *r;

	make_oci_image();
	oci_begin(&(struct config){ 0 });
	shell("cd /run/image && umoci unpack --image o:one bundle && "
	      "sed -i 's/\"terminal\": true/\"terminal\": false/' "
	      "bundle/config.json");
	r = OCI("run", "--bundle", "/run/image/bundle", OCI_ID);
	oci_end();
	remove_oci_image();
	ck_assert_msg(r->status == 6, "%s", r->err);
	ck_assert_str_eq(r->out, "blue\n");
}
END_TEST

/* It keeps a cache in /var/lib: not on this machine. */
START_TEST(an_image_copied_by_skopeo_runs)
{
	struct result *r;

	need("skopeo");
	make_oci_image();
	oci_begin(&(struct config){ 0 });
	shell("cd /run/image && unshare --mount sh -c 'mount -t tmpfs none "
	      "/var/lib && skopeo --insecure-policy copy -q oci:o:one "
	      "oci:p:two' && umoci unpack --image p:two bundle && "
	      "sed -i 's/\"terminal\": true/\"terminal\": false/' "
	      "bundle/config.json");
	r = OCI("run", "--bundle", "/run/image/bundle", OCI_ID);
	oci_end();
	remove_oci_image();
	ck_assert_msg(r->status == 6, "%s", r->err);
}
END_TEST

const struct test tests[] = {
	{ "safety", &an_image_unpacked_by_umoci_runs },
	{ "safety", &an_image_copied_by_skopeo_runs },
	{ 0 },
};
