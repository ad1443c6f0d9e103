import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AcrRegistry } from "../../test/azure/acr/acr.ts";
import type { Contents } from "../../test/azure/acr/registry.ts";
import { needTools } from "../../test/image-tools/need-tools.ts";
import type { Inventory, Part } from "./act.ts";
import { nameGroup } from "./cleanup-fleet.ts";
import { createGitRepository, type GitRepository } from "./git-repository.ts";
import { addIdentity } from "./identity.ts";
import { startImageBuilder } from "./image-builder.ts";
import { count } from "./moments.ts";
import { compareNames } from "./parts.ts";
import { CONTEXTS } from "./shop-sources.ts";
import { REPOSITORY, type Theatre } from "./theatre.ts";

/** The repository whose images are built: it calls Mayfly's workflows. */
export const SHOP = { name: "octo/shop", id: "712384156", ownerId: REPOSITORY.ownerId } as const;

export const LOGIN_SERVER = "mayfly.azurecr.io";
export const TAGS: Part = { title: LOGIN_SERVER, noun: "tag" };

/** The GitHub environment that the pushing identity is bound to. */
export const ENVIRONMENT = "images";

/** What the acts about images share. */
export interface Shop {
  readonly repository: GitRepository;
  readonly registry: AcrRegistry;
  /** Client ids: who may push, and who may delete. */
  readonly pusher: string;
  readonly purger: string;
  /** By branch, what its last build handed on: JSON with repository, tag and digest of each image. */
  readonly handedOn: Map<string, string>;
  /** What a job on this machine needs to reach the emulator and the builder. */
  readonly machineEnv: Readonly<Record<string, string>>;
}

/** Sets up repository, registry, identities and builder; all of it goes when the theatre closes. */
export async function openShop(theatre: Theatre): Promise<Shop> {
  const { azure, team, proxy, closing } = theatre;
  const scratch = mkdtempSync(join(tmpdir(), "mayfly-shop-"));
  closing.defer(() => rmSync(scratch, { recursive: true, force: true }));
  const registry = azure.acr.addRegistry({
    name: "mayfly",
    subscriptionId: team.subscriptionId,
    group: nameGroup("foundation", REPOSITORY.id),
  });
  // What other runs left here: a release, and a pull request whose number begins like that of ours.
  for (const image of ["shop/api", "shop/web"]) await registry.seed(image, ["1.4.0"], `${image} 1.4.0`);
  await registry.seed("shop/web", ["pr-71", "pr-71-0c2a056"], "another pull request");
  const builder = closing.use(await startImageBuilder(scratch, proxy.env));
  const subject = `repo:${SHOP.name}`;
  return {
    repository: createShopRepository(join(scratch, "shop")),
    registry,
    handedOn: new Map(),
    pusher: addIdentity(theatre, {
      name: "mayfly-images",
      subject: `${subject}:environment:${ENVIRONMENT}`,
      roles: [["AcrPush", registry.id]],
    }),
    purger: addIdentity(theatre, {
      name: "mayfly-purge",
      subject: `${subject}:ref:refs/heads/main`,
      roles: [
        ["AcrDelete", registry.id],
        ["AcrPull", registry.id],
      ],
    }),
    machineEnv: { ...proxy.env, PATH: process.env["PATH"] ?? "", HOME: scratch, ...builder.env },
  };
}

/** An empty repository, but for the program that its images are made of. */
function createShopRepository(folder: string): GitRepository {
  const { busybox } = needTools("busybox-static");
  const repository = createGitRepository(folder);
  for (const context of CONTEXTS) {
    mkdirSync(join(folder, context), { recursive: true });
    copyFileSync(busybox, join(folder, context, "busybox"));
    chmodSync(join(folder, context, "busybox"), 0o755);
  }
  return repository;
}

/** Characters of a digest that are enough to tell it from others. */
const SHORT = 12;

/** The repositories of a registry, and below each its tags with the digests that they stand on. */
export function listImages(contents: Contents): readonly Inventory[] {
  const rows = Object.entries(contents).flatMap(([name, { tags, manifests }]): readonly Inventory[] => [
    { name, note: count(Object.keys(manifests).length, "manifest"), holder: true },
    ...Object.entries(tags).map(([tag, digest]) => ({ name: `${name}:${tag}`, note: shorten(digest) })),
  ]);
  return rows.toSorted((a, b) => compareNames(a.name, b.name));
}

const shorten = (digest: string): string => digest.replace("sha256:", "").slice(0, SHORT);
