import type { JsonWebKey } from "node:crypto";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Layout } from "../layout.ts";
import { identityOf } from "../node/processes.ts";

/** What one process lets the cluster know of an emulator, for as long as the process lives. */
export interface Attachment {
  /** `identityOf` the process. */
  readonly owner: string;
  /** Milliseconds since 1970: of two that answer for the same, the later counts. */
  readonly at: number;
  /** The emulator's proxy, and the PEM of the authority that it makes certificates with. */
  readonly proxy?: { readonly url: string; readonly ca: string };
  /** The registries that it answers for, as host names; all of `*.azurecr.io` where left out. */
  readonly registries?: readonly string[];
  /** Whose tokens are to be trusted: the keys of tenants. */
  readonly tenants?: readonly { readonly id: string; readonly keys: readonly JsonWebKey[] }[];
  /** What the kubelet's identity shows to registries: an access token of Entra. */
  readonly kubelet?: { readonly tenantId: string; readonly accessToken: string };
}

/** The attachments whose process is alive, the latest first. */
export function listAttachments(layout: Pick<Layout, "attachments">): readonly Attachment[] {
  const alive = readAttachments(layout).filter(({ content }) => isAlive(content));
  return alive.map(({ content }) => content).sort((one, other) => other.at - one.at);
}

function readAttachments({ attachments }: Pick<Layout, "attachments">) {
  if (!existsSync(attachments)) return [];
  const names = readdirSync(attachments).filter((name) => name.endsWith(".json"));
  return names.flatMap((name) => {
    const file = join(attachments, name);
    try {
      return [{ file, content: JSON.parse(readFileSync(file, "utf8")) as Attachment }];
    } catch {
      // Removed in between.
      return [];
    }
  });
}

function isAlive({ owner }: Attachment): boolean {
  return identityOf(Number(owner.split("@")[0])) === owner;
}

export function isRegistry(host: string): boolean {
  return host.endsWith(".azurecr.io");
}

/**
 * The emulator for a registry: the latest that names it, else the latest that names none. For any other host, as when no
 * registry was asked yet, the latest of all.
 */
export function chooseAttachment(all: readonly Attachment[], host: string): Attachment | undefined {
  const reachable = all.filter(({ proxy }) => proxy !== undefined);
  const naming = reachable.find(({ registries }) => registries?.includes(host) === true);
  return naming ?? reachable.find(({ registries }) => registries === undefined || !isRegistry(host));
}

/** Adds an attachment of this process. It is gone when it is disposed of, or the process ends. */
export async function addAttachment(
  layout: Layout,
  options: Omit<Attachment, "owner" | "at">,
): Promise<AsyncDisposable> {
  const owner = identityOf(process.pid);
  if (owner === undefined) throw new Error("This process does not see itself in /proc");
  const dead = readAttachments(layout).filter(({ content }) => !isAlive(content));
  await Promise.all(dead.map(({ file }) => rm(file, { force: true })));
  const file = join(layout.attachments, `${process.pid}-${randomBytes(4).toString("hex")}.json`);
  const attachment: Attachment = { owner, at: Date.now(), ...options };
  await writeFile(`${file}.new`, JSON.stringify(attachment), { mode: 0o600 });
  await rename(`${file}.new`, file);
  await writeRegistryAuthorities(layout);
  return {
    [Symbol.asyncDispose]: async () => {
      await rm(file, { force: true });
      if (existsSync(layout.attachments)) await writeRegistryAuthorities(layout);
    },
  };
}

/** Lets containerd trust the emulators that are attached; with none, the cluster's own authority, since a file without any is refused. */
export async function writeRegistryAuthorities(layout: Layout): Promise<void> {
  const own = readFileSync(join(layout.certificates, "ca.crt"), "utf8");
  const emulators = listAttachments(layout).flatMap(({ proxy }) => (proxy === undefined ? [] : [proxy.ca]));
  const file = layout.registryAuthorities;
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, [own, ...emulators].join("\n"));
  await rename(fresh, file);
}
