import {
  findUrl,
  hasDnsLabel,
  listGateways,
  listUrlObjects,
  type UrlFacts,
  type UrlFinding,
} from "../../helm/find-url.ts";
import type { ManifestObject } from "../../helm/read-manifest.ts";
import { startProgress } from "../../kit/progress.ts";
import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { findZone } from "./find-zone.ts";
import type { Session } from "./session.ts";

/** Most addresses are there with the release, or in a moment; a load balancer that is just being made takes its time. */
const LOOK_AGAIN_MS = { first: 250, longest: 2_000 } as const;

/**
 * Where the release is reached: what was said, else what its own objects say, as soon as one of them has an address.
 * Undefined where none has one in time, which is told.
 *
 * @param untilMs by the teller's clock: an address is a part of the rollout, and has its time
 */
export async function awaitUrl(
  session: Session,
  rendered: readonly ManifestObject[],
  untilMs: number,
): Promise<string | undefined> {
  const { world, request, teller } = session;
  if (request.url !== undefined) return request.url;
  const objects = listUrlObjects(rendered.map(({ object }) => object));
  if (objects.length === 0) return undefined;
  const zone = objects.some(hasDnsLabel) ? await findZone(session) : undefined;
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  for (let pauseMs: number = LOOK_AGAIN_MS.first; ; pauseMs = Math.min(2 * pauseMs, LOOK_AGAIN_MS.longest)) {
    const findings = await Promise.all(objects.map((object) => look(session, object, zone)));
    const waiting = request.wait !== "none" && teller.elapsed() < untilMs && !world.cancelled.aborted;
    // The first that may still get one is waited for: what stands behind it is only taken for want of it.
    const first = findings.findIndex(({ kind }) => kind !== "none");
    const finding = waiting ? findings[first] : findings.find(({ kind }) => kind === "found");
    if (finding?.kind === "found") {
      teller.note(`The release is reached at ${finding.url}.`);
      return finding.url;
    }
    const [object] = objects;
    const named = objects[first] ?? object;
    const what = `${named?.kind}/${named?.metadata.name}`;
    if (first === -1 || !waiting) {
      const why = first === -1 ? `${what} does not say where it is reached` : `${what} has no address`;
      world.log.warning(world.redact(`${why}, so the output url is empty.\nTo do: give it, if it is known: url`));
      return undefined;
    }
    progress.say(`waiting for the address of ${what}`);
    await world.sleep(pauseMs);
  }
}

/** Where the release will be reached, as far as that can be said before it is there. */
export function foretellUrl(rendered: readonly ManifestObject[]): string | undefined {
  const facts = { zone: undefined, gateways: new Map<string, KubeObject>() };
  const objects = listUrlObjects(rendered.map(({ object }) => object));
  const [found] = objects.map((object) => findUrl(object, facts)).filter(({ kind }) => kind === "found");
  if (found?.kind === "found") return found.url;
  return objects.length === 0 ? undefined : "http://address.invalid";
}

async function look({ world }: Session, rendered: KubeObject, zone: string | undefined): Promise<UrlFinding> {
  const { apiVersion, kind, metadata } = rendered;
  const object = await world.cluster.find({ apiVersion, kind, name: metadata.name, namespace: metadata.namespace });
  if (object === undefined) return { kind: "none" };
  const gateways: UrlFacts["gateways"] = new Map(
    await Promise.all(
      listGateways(object).map(async (ref) => {
        const gateway = await world.cluster.find(ref).catch((error: unknown) => {
          if (world.readRefusal(error)?.status === 403) return undefined;
          throw error;
        });
        return [`${ref.namespace}/${ref.name}`, gateway] as const;
      }),
    ).then((all) => all.flatMap(([name, gateway]) => (gateway === undefined ? [] : [[name, gateway] as const]))),
  );
  return findUrl(object, { zone, gateways });
}
