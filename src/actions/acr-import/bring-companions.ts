import { listClauses } from "../../kit/error-chain.ts";
import { listCompanions } from "./companions.ts";
import type { Outcome } from "./outcome.ts";
import type { ImageLine } from "./parse-images.ts";
import type { ImageRecord } from "./record.ts";
import type { ResolvedSource } from "./resolve-source.ts";
import type { Target, World } from "./world.ts";

export const NO_COMPANIONS: ImageRecord["companions"] = { found: 0, copied: 0, note: undefined };

export interface CompanionOptions {
  readonly referrers: "report" | "copy" | "ignore";
  readonly dryRun: boolean;
}

/** An image that stands in a registry with the source's digest. */
interface Arrived {
  readonly image: ImageLine;
  readonly target: Target;
  readonly outcome: Outcome;
  readonly known: Known;
}

/** The digests of what belongs to an image, and where it is. */
type Known = (image: ImageLine) => Promise<{ readonly from: ResolvedSource; readonly list: readonly string[] }>;

/** What belongs to an image is asked for once, however many registries it goes to. */
export function rememberCompanions(resolve: (image: ImageLine) => Promise<ResolvedSource>): Known {
  const asked = new Map<string, ReturnType<Known>>();
  const ask: Known = async (image) => {
    const from = await resolve(image);
    return { from, list: await listCompanions(from.source, image.from.name, from.digest) };
  };
  return (image) => {
    const answer = asked.get(image.source) ?? ask(image);
    asked.set(image.source, answer);
    return answer;
  };
}

/**
 * Tells of what an import leaves behind, or copies it. What was asked for and did not arrive makes the image fail: a
 * cluster that checks signatures would refuse it.
 */
export async function bringCompanions(
  { image, target, outcome, known }: Arrived,
  { referrers, dryRun }: CompanionOptions,
  world: Pick<World, "copyReferrers">,
): Promise<Pick<ImageRecord, "outcome" | "companions">> {
  if (referrers === "ignore" || dryRun) return { outcome, companions: NO_COMPANIONS };
  let found = 0;
  try {
    const { from, list } = await known(image);
    found = list.length;
    if (referrers === "report" || found === 0) {
      const note =
        found === 0 ? undefined : `${countCompanions(found)} stay at the source (referrers: copy takes them along)`;
      return { outcome, companions: { found, copied: 0, note } };
    }
    const { access, digest } = from;
    await world.copyReferrers({ access, from: image.from.name, digest, target: target.facts, to: image.to.name });
    return { outcome, companions: { found, copied: found, note: undefined } };
  } catch (error) {
    const because = listClauses(error).join(": ");
    if (referrers === "report") {
      const note = `whether it has signatures could not be told: ${because}`;
      return { outcome, companions: { found, copied: 0, note } };
    }
    const failed = `the image is there, its signatures are not all there: ${because}`;
    const code = "import-referrers";
    return { outcome: { kind: "failed", code, because: failed }, companions: { found, copied: 0, note: undefined } };
  }
}

/** `2 signatures or attestations` */
export function countCompanions(count: number): string {
  return count === 1 ? "1 signature or attestation" : `${count} signatures or attestations`;
}
