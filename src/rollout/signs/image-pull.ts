import type { Container } from "../container.ts";
import type { Pod } from "../pod.ts";
import { readImageName } from "./image-name.ts";
import { explainPull } from "./pull-text.ts";
import { isOverdue, type Look, makeContainerSign, type Sign } from "./sign.ts";

const PULLING = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "RegistryUnavailable",
  "ImageInspectError",
  "SignatureValidationFailed",
]);
/** The event that says why comes up to a second before the status does. */
const BEFORE = new Set(["ContainerCreating", "PodInitializing"]);
const FAILED = "Failed to pull image";

/**
 * An image that cannot be pulled. A text that is definite ("not found", "denied") is believed at once; one that may pass
 * (a cut connection) when the kubelet has tried again.
 */
export function readPullSign(pod: Pod, container: Container, look: Look): Sign | undefined {
  const { state, image } = container;
  if (state.kind !== "waiting") return undefined;
  const events = look.seen.eventsOf(pod.object).filter(({ about }) => about.container === container.name);
  const failures = events.filter(({ reason, message }) => reason === "Failed" && message.startsWith(FAILED));
  const failure = failures.at(-1);
  const early = BEFORE.has(state.reason);
  if (!PULLING.has(state.reason) && !(early && failure !== undefined)) return undefined;
  // The status of older kubelets says no more than "Back-off pulling image".
  const inStatus = /^Back-off pulling image "[^"]*"\.?$/.test(state.message) || early ? "" : state.message;
  const said = inStatus || failure?.message || state.message || state.reason;
  const secret = look.seen.eventsOf(pod.object).findLast(({ reason }) => reason === "FailedToRetrieveImagePullSecret");
  const fault = explainPull(image, `${state.reason} ${said}`);
  const tries = failures.reduce((sum, { times }) => sum + times, 0);
  const denied = fault.code === "image-pull/denied";
  const lost = denied && secret !== undefined ? /\(([^)]*)\)/.exec(secret.message)?.[1] : undefined;
  return makeContainerSign(fault.code, pod, container, {
    fatal: denied
      ? isOverdue(failures[0]?.firstAt ?? pod.createdAt, look.patience.deniedMs, look.seen)
      : fault.definite || state.reason === "ImagePullBackOff" || tries > 1,
    says: `cannot pull ${image}: ${lost === undefined ? fault.because : `its pull Secret ${lost} is missing`}`,
    fix:
      lost === undefined
        ? fault.fix
        : `create the Secret ${lost} in ${pod.namespace}, or remove it from imagePullSecrets`,
    said,
    // A role that is missing keeps every image of a registry away; a tag that is missing, one.
    fault: denied ? readImageName(image).host : image,
  });
}
