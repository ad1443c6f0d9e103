import type { Descriptor, Manifest } from "../image/manifest.ts";
import { eachSideBySide } from "../kit/side-by-side.ts";
import { UserError } from "../kit/user-error.ts";
import type { ImageSource } from "./image-source.ts";
import { parseParts } from "./parse-parts.ts";
import type { Registry } from "./registry.ts";
import { RegistryFault } from "./registry-fault.ts";

export interface Copy {
  readonly source: ImageSource;
  readonly target: Registry;
  /** The repository in the target. */
  readonly name: string;
  /** Of a manifest or an index; all that it is made of comes along. */
  readonly digest: string;
  /** Takes what points at the image along: signatures, attestations, also those that cosign keeps under tags. */
  readonly referrers?: boolean;
  /** Told of each blob and manifest that the target has now. */
  readonly onCopied?: (part: CopiedPart) => void;
}

export interface CopiedPart {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly how: "sent" | "mounted" | "there";
}

export interface Copied {
  /** Tags of signatures that the target has already with other content: both have been signed there, so they stay. */
  readonly left: readonly string[];
}

const SIDE_BY_SIDE = 4;
const DEEPEST = 4;
/** Tags under which cosign keeps what belongs to a digest, before OCI 1.1. */
const COSIGN = [".sig", ".att", ".sbom"] as const;
/** Layers that only their maker may hand out; a registry takes a manifest without them. */
const NOT_OURS = /nondistributable|\.foreign\./;

/**
 * Makes a digest known in a repository: what is missing is sent or mounted, parts before the whole, and at the end the
 * target is asked whether it has the digest.
 *
 * @throws UserError `broken-image` where the source lacks a part or has another than it says
 * @throws RegistryFault
 */
export async function copyImage(copy: Copy): Promise<Copied> {
  const { source, target, name, digest } = copy;
  const state: State = { copy, manifests: new Map(), blobs: new Map(), left: [] };
  await copyManifest(state, { digest }, 0);
  if (copy.referrers === true) await copyReferrers(state);
  const proof = await target.findManifest(name, digest);
  if (proof?.digest === digest) return { left: state.left };
  const said = `${source.label} was copied there, and then it has no ${digest} in ${name}`;
  const request = `HEAD /v2/${name}/manifests/${digest}`;
  throw new RegistryFault({ request, host: target.host, status: 404, code: "not-there", said, passing: true });
}

interface State {
  readonly copy: Copy;
  /** Each part is copied once, however many wholes have it. */
  readonly manifests: Map<string, Promise<void>>;
  readonly blobs: Map<string, Promise<void>>;
  readonly left: string[];
}

function copyManifest(state: State, part: Part, depth: number): Promise<void> {
  return once(state.manifests, part.digest, async () => {
    const { target, name, onCopied } = state.copy;
    const there = await target.findManifest(name, part.digest);
    // No registry takes a manifest without its parts; but what points at those may be missing still.
    if (there !== undefined && state.copy.referrers !== true) {
      return onCopied?.({ digest: part.digest, size: there.size, how: "there" });
    }
    const manifest = await readPart(state.copy.source, part);
    const { children, blobs } = parseParts(manifest);
    if (depth >= DEEPEST && children.length > 0)
      throw broken(state.copy.source, "has indexes in indexes without an end");
    await eachInTurn(children, (child) => copyManifest(state, child, depth + 1));
    if (there !== undefined) return onCopied?.({ digest: part.digest, size: there.size, how: "there" });
    await eachInTurn(
      blobs.filter(({ mediaType }) => !NOT_OURS.test(mediaType)),
      (blob) => copyBlob(state, blob),
    );
    await target.putManifest(name, part.digest, manifest);
    onCopied?.({ digest: part.digest, size: manifest.bytes.length, how: "sent" });
  });
}

type Part = Pick<Descriptor, "digest"> & Partial<Pick<Descriptor, "size">>;

async function readPart(source: ImageSource, { digest, size }: Part): Promise<Manifest> {
  const manifest = await source.readManifest(digest);
  if (manifest === undefined) throw broken(source, `lacks ${digest}`);
  if (size !== undefined && size !== manifest.bytes.length) {
    throw broken(source, `has ${digest} with ${manifest.bytes.length} bytes instead of ${size}`);
  }
  return manifest;
}

function copyBlob(state: State, blob: Descriptor): Promise<void> {
  return once(state.blobs, blob.digest, async () => {
    const { source, target, name, onCopied } = state.copy;
    const { digest, size } = blob;
    if (await target.hasBlob(name, digest)) return onCopied?.({ digest, size, how: "there" });
    const { mount } = source;
    if (mount?.host === target.host && mount.name !== name && (await target.mountBlob(name, digest, mount.name))) {
      return onCopied?.({ digest, size, how: "mounted" });
    }
    await target.uploadBlob(name, blob, () => source.readBlob(digest));
    onCopied?.({ digest, size, how: "sent" });
  });
}

/** After the whole: what points at a digest, and what cosign keeps under tags that are named for it. */
async function copyReferrers(state: State): Promise<void> {
  const { source, target, name } = state.copy;
  // Referrers may be referred to, too: what has been copied is looked at until nothing new turns up.
  for (let looked = new Set<string>(); ; ) {
    const fresh = [...state.manifests.keys()].filter((digest) => !looked.has(digest));
    if (fresh.length === 0) return;
    looked = new Set([...looked, ...fresh]);
    for (const digest of fresh) {
      for (const referrer of await source.listReferrers(digest)) await copyManifest(state, referrer, 0);
      for (const ending of COSIGN) {
        const tag = `${digest.replace(":", "-")}${ending}`;
        const kept = await source.readManifest(tag);
        if (kept === undefined) continue;
        const standing = await target.findManifest(name, tag);
        if (standing !== undefined && standing.digest !== kept.digest) {
          state.left.push(tag);
          continue;
        }
        await copyManifest(state, kept, 0);
        if (standing === undefined) await target.putManifest(name, tag, kept);
      }
    }
  }
}

/** Several at once; the first fault is thrown when none is under way any more. */
async function eachInTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const faults: unknown[] = [];
  await eachSideBySide(items, SIDE_BY_SIDE, async (item) => {
    if (faults.length > 0) return;
    await work(item).catch((error: unknown) => void faults.push(error));
  });
  if (faults.length > 0) throw faults[0];
}

function once(done: Map<string, Promise<void>>, key: string, work: () => Promise<void>): Promise<void> {
  const known = done.get(key);
  if (known !== undefined) return known;
  const begun = work();
  done.set(key, begun);
  return begun;
}

function broken(source: ImageSource, what: string): UserError {
  return new UserError("broken-image", `The image is broken: ${source.label} ${what}. Build, save or push it again.`);
}
