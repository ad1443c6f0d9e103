import { expect, test } from "@jest/globals";
import { parseGroupMounts } from "./groups.ts";

test("finds every hierarchy of the older version, and the one of the newer", () => {
  const older = [
    "24 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard",
    "30 24 0:26 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755",
    "31 30 0:27 / /sys/fs/cgroup/memory rw,relatime shared:7 - cgroup cgroup rw,memory",
    "32 30 0:28 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd",
    "33 30 0:29 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup rw",
    "",
  ].join("\n");
  expect(parseGroupMounts(older)).toEqual([
    "/sys/fs/cgroup/memory",
    "/sys/fs/cgroup/systemd",
    "/sys/fs/cgroup/unified",
  ]);
  const newer = "29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
  expect(parseGroupMounts(newer)).toEqual(["/sys/fs/cgroup"]);
});
