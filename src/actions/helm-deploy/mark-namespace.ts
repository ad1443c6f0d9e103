import { UserError } from "../../kit/user-error.ts";
import { ENVIRONMENT, HEAD_SHA, REPOSITORY, REPOSITORY_ID } from "../../preview/environment.ts";
import { renderExpiry } from "../../ttl/expiry.ts";
import type { NamespaceFacts } from "../../ttl/namespace.ts";
import { decideMarking, type MarkOrder } from "../../ttl/namespace-marks.ts";
import type { JobFacts } from "../job-facts.ts";
import type { NamespaceWish } from "./namespace-wish.ts";
import type { Session } from "./session.ts";

/** What ends sooner would be deleted in the middle of the deployment. */
const SHORTEST_MS = 15 * 60_000;
/** Somebody else who writes on a namespace at the same moment is read again. */
const MOST_TRIES = 5;

/**
 * Makes a namespace that is an environment, or moves its end back. Returns it as it then is; undefined where it is to be
 * none, or nothing is to be changed.
 *
 * @throws UserError `namespace-not-ours`, `bad-input` for an end that is too near
 */
export async function markNamespace(
  { world, job, request, teller }: Session,
  name: string,
  { lifetime, labels }: NamespaceWish,
  first: NamespaceFacts | undefined,
): Promise<Pick<NamespaceFacts, "labels"> | undefined> {
  if (lifetime === undefined) return undefined;
  const order = makeOrder(name, lifetime, job);
  let found = first;
  for (let tries = 1; ; tries += 1) {
    const marking = decideMarking(order, found);
    if (marking.kind === "refuse") throw explainRefused(order, found, marking.because);
    const expiresAt = renderExpiry(marking.expiresAt);
    if (marking.expiresAt.getTime() - world.now().getTime() < SHORTEST_MS) {
      throw new UserError("bad-input", `expires-at: expected a time at least 15 minutes from now, got ${expiresAt}`);
    }
    if (request.planOnly) return undefined;
    try {
      if (marking.kind === "make") {
        const metadata = { name, labels: { ...labels, ...marking.labels }, annotations: marking.annotations };
        await world.cluster.create({ apiVersion: "v1", kind: "Namespace", metadata });
        teller.note(`Namespace ${name} was made, and ends at ${expiresAt}.`);
        teller.tell({ expiresAt });
        return metadata;
      }
      if (Object.keys(marking.annotations).length > 0) {
        // As it was looked at: an end that somebody moved back meanwhile is not brought forward.
        const metadata = { resourceVersion: found?.resourceVersion, annotations: marking.annotations };
        await world.cluster.patch({ apiVersion: "v1", kind: "Namespace", name }, { metadata });
        teller.note(`Namespace ${name} ends at ${expiresAt}.`);
      }
      teller.tell({ expiresAt });
      return found;
    } catch (error) {
      if (world.readRefusal(error)?.status !== 409 || tries >= MOST_TRIES) throw error;
      found = await world.namespaces.find(name);
    }
  }
}

/** By which labels it is known whose environment a namespace is. @throws UserError `bad-input` outside of GitHub */
export function identify(environment: string, { repositoryId }: Pick<JobFacts, "repositoryId">): MarkOrder["identity"] {
  if (/^[1-9]\d*$/.test(repositoryId)) return { [ENVIRONMENT]: environment, [REPOSITORY_ID]: repositoryId };
  const text = `environment: expected the repository's id in GITHUB_REPOSITORY_ID, as GitHub's runners have it, got ${JSON.stringify(repositoryId)}`;
  throw new UserError("bad-input", text);
}

function makeOrder(name: string, lifetime: NonNullable<NamespaceWish["lifetime"]>, job: JobFacts): MarkOrder {
  const { environment, expiresAt } = lifetime;
  const sha = job.headSha || (job.environment["GITHUB_SHA"] ?? "");
  const notes = { [REPOSITORY]: job.repository, ...(sha === "" ? {} : { [HEAD_SHA]: sha }) };
  return { name, identity: identify(environment, job), notes, expiresAt };
}

/** What somebody has made by hand may become an environment by hand. */
function explainRefused({ name, identity }: MarkOrder, found: NamespaceFacts | undefined, because: string): UserError {
  const bare = found !== undefined && Object.keys(identity).every((label) => found.labels[label] === undefined);
  const labels = ["auto-destroy=true", ...Object.entries(identity).map(([label, value]) => `${label}=${value}`)];
  const byHand = bare
    ? `; or, where all that is in it may be deleted with the environment: kubectl label namespace ${name} ${labels.join(" ")}`
    : "";
  const text = `Namespace ${name} is not this environment's: ${because}. Nothing was changed, since the namespace is deleted when the environment ends.\nTo do: name a namespace that is not there yet${byHand}`;
  return new UserError("namespace-not-ours", text);
}
