import { asText } from "../wire.ts";
import { manifestUnknown, RegistryFailure } from "./failure.ts";
import { isDigest, readLinks, type StoredManifest } from "./oci.ts";
import type { RegistryState } from "./registry.ts";

/** ACR imports no image with more. */
const MOST_MANIFESTS = 50;

/**
 * Copies a manifest with everything that it is made of; what refers to it stays behind, as in Azure.
 *
 * @throws RegistryFailure where something of it is missing, or where there is too much of it
 */
export async function copyImage(
  source: RegistryState,
  from: string,
  reference: string,
  target: RegistryState,
  to: string,
  tag: string | undefined,
): Promise<string> {
  const manifest = await source.backend.findManifest(from, reference);
  if (manifest === undefined) throw manifestUnknown(from, reference);
  const count = { manifests: 0 };
  await copyManifest(source, from, manifest, target, to, tag, count);
  return manifest.digest;
}

async function copyManifest(
  source: RegistryState,
  from: string,
  manifest: StoredManifest,
  target: RegistryState,
  to: string,
  tag: string | undefined,
  count: { manifests: number },
): Promise<void> {
  count.manifests += 1;
  if (count.manifests > MOST_MANIFESTS) {
    throw new RegistryFailure(400, "InvalidParameters", `The image has more than ${MOST_MANIFESTS} manifests.`);
  }
  const { blobs, manifests } = readLinks(manifest);
  for (const each of manifests) {
    const digest = asText(each["digest"]) ?? "";
    const child = await source.backend.findManifest(from, digest);
    if (child === undefined) throw manifestUnknown(from, digest);
    await copyManifest(source, from, child, target, to, undefined, count);
  }
  for (const each of blobs) {
    const digest = asText(each["digest"]) ?? "";
    if ((await target.backend.findBlob(to, digest)) !== undefined) continue;
    const blob = await source.backend.findBlob(from, digest);
    if (blob === undefined) throw new RegistryFailure(404, "BLOB_UNKNOWN", "Error copying blobs");
    await target.backend.putBlob(to, digest, blob.size, await blob.read());
  }
  const reference = tag ?? manifest.digest;
  await target.backend.putManifest(to, reference, manifest);
  target.ledger.put(to, reference, manifest);
  if (!isDigest(reference)) target.deleted.delete(`${to}@${manifest.digest}`);
}
