import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { needTools } from "../../image-tools/need-tools.ts";
import { writeImageArchive } from "./archive.ts";

/**
 * Writes an archive with an image that has a shell and busybox's commands, for `loadImage` or a registry. Each has bytes of its
 * own: the kubelet remembers by content who may use what was pulled.
 *
 * @returns its path, in the folder
 */
export async function writeBusyboxImage(folder: string, reference: string): Promise<string> {
  const { busybox } = needTools("busybox-static");
  const commands = execFileSync(busybox, ["--list"], { encoding: "utf8" }).split("\n").filter(Boolean);
  const links = commands.filter((name) => name !== "busybox").map((name) => [`bin/${name}`, "busybox"] as const);
  const archive = join(folder, `${reference.replace(/[^a-z0-9]+/gi, "-")}.tar`);
  await writeImageArchive(archive, {
    reference,
    files: { "bin/busybox": { from: busybox }, "etc/mayfly-image": { text: randomUUID() } },
    links: Object.fromEntries(links),
    entrypoint: ["/bin/sh", "-c"],
    command: ["sleep infinity"],
  });
  return archive;
}
