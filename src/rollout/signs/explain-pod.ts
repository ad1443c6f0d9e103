import type { Container } from "../container.ts";
import type { Pod } from "../pod.ts";
import { refOf } from "../seen.ts";
import { readConfigSign } from "./container-config.ts";
import { readSandboxSign, readStartSign } from "./container-start.ts";
import { readCrashSign } from "./crash.ts";
import { readPullSign } from "./image-pull.ts";
import { readMountSign } from "./mount.ts";
import { readSchedulingSign } from "./scheduling.ts";
import { isOverdue, type Look, makeSign, type Sign } from "./sign.ts";
import { readSilentSign, readUnreadySign } from "./unready.ts";

/** What keeps a pod from being ready: the first that explains it, in the order in which a pod comes up. */
export function explainPod(pod: Pod, look: Look): Sign | undefined {
  const found =
    readSchedulingSign(pod, look) ??
    readContainerSign(pod, look) ??
    readMountSign(pod, look) ??
    readSandboxSign(pod, look) ??
    (pod.ready ? undefined : readSilentSign(pod, look));
  return found === undefined ? undefined : temper(found, pod, look);
}

/** A pod that was ended from outside, such as by an eviction: whoever owns it makes another one. */
export function readEvictionSign(pod: Pod): Sign | undefined {
  if (pod.phase !== "Failed" || pod.reason === "") return undefined;
  return makeSign("pod/failed", {
    fatal: false,
    where: refOf(pod.object),
    says: `${pod.name} was ended: ${pod.reason}${pod.message === "" ? "" : ` (${pod.message})`}`,
    fix: "see what the node lacks: kubectl describe node <node>",
    said: pod.message,
  });
}

const READERS: ReadonlyArray<(pod: Pod, container: Container, look: Look) => Sign | undefined> = [
  readPullSign,
  readConfigSign,
  readStartSign,
  readCrashSign,
  readUnreadySign,
];

/** A fatal sign of any container before what may pass; the containers in the order in which they start. */
function readContainerSign(pod: Pod, look: Look): Sign | undefined {
  const signs = pod.containers.flatMap((container) => READERS.flatMap((read) => read(pod, container, look) ?? []));
  return signs.find(({ fatal }) => fatal) ?? signs[0];
}

/**
 * What an older pod shows may be over: the rollout may just have brought its Secret, and the kubelet looks again only
 * after a back-off of minutes.
 */
function temper(sign: Sign, pod: Pod, { seen, patience }: Look): Sign {
  if (!sign.fatal || seen.isFresh(pod.createdAt)) return sign;
  return { ...sign, fatal: isOverdue(seen.startedAt, patience.silenceMs, seen) };
}
