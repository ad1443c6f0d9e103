import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "../layout.ts";

/** Where the kernel's groups of processes are mounted: one hierarchy, or in the older version one for each kind of limit. */
export function parseGroupMounts(mountInfo: string): readonly string[] {
  return mountInfo.split("\n").flatMap((line) => {
    const [mount = "", kind = ""] = line.split(" - ");
    const path = mount.split(" ")[4];
    return path !== undefined && /^cgroup2? /.test(kind) ? [path] : [];
  });
}

const listMounts = () => parseGroupMounts(readFileSync("/proc/self/mountinfo", "utf8"));

/** Makes the cluster's own group in every hierarchy: the kubelet keeps its pods below it, and looks at no other. */
export function makeGroups({ mark }: Pick<Layout, "mark">): void {
  for (const mount of listMounts()) {
    mkdirSync(join(mount, mark), { recursive: true });
    passOn(mount);
  }
}

/** In the newer version a group has only those limits that the one above passes on; systemd passes on most. */
function passOn(mount: string): void {
  try {
    const limits = readFileSync(join(mount, "cgroup.controllers"), "utf8").split(/\s+/).filter(Boolean);
    for (const limit of limits) writeFileSync(join(mount, "cgroup.subtree_control"), `+${limit}`);
  } catch {
    // The older version has no such files. Where a limit cannot be passed on, the kubelet says which it misses.
  }
}

/** Removes the cluster's groups as far as they are empty. @returns those that are left */
export function removeGroups({ mark }: Pick<Layout, "mark">): readonly string[] {
  for (const folder of listGroups({ mark })) {
    try {
      rmdirSync(folder);
    } catch {
      // Something is in it still.
    }
  }
  return listGroups({ mark });
}

/** The cluster's groups that are there, what is deeper before what it is in. */
export function listGroups({ mark }: Pick<Layout, "mark">): readonly string[] {
  return listMounts().flatMap((mount) => listFolders(join(mount, mark)));
}

/** A folder and those below it, what is deeper before what it is in; none when it is not there. */
function listFolders(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [...names.flatMap(({ name }) => listFolders(join(folder, name))), folder];
  } catch {
    return [];
  }
}
