/**
 * Why a rollout fails, by stable names `<part>/<fault>`, and in a few words. They stand in the order in which they
 * explain: where several fit, the first one is the cause and the others follow from it. docs/troubleshooting.md has an
 * entry for each.
 */
const CAUSE_WORDS = {
  "pods-refused/quota": "pods are refused by a quota or limit",
  "pods-refused/policy": "pods are refused by a policy",
  "pods-refused/pod-security": "pods are refused by Pod Security",
  "pods-refused/service-account": "the service account is missing",
  "pods-refused/other": "pods are refused",
  "unschedulable/volume": "a volume keeps it from every node",
  "unschedulable/resources": "no node has room",
  "unschedulable/affinity": "no node matches",
  "unschedulable/taint": "a taint keeps it from the nodes",
  "unschedulable/other": "no node takes it",
  "image-pull/invalid-name": "the image's name is none",
  "image-pull/not-found": "no such image",
  "image-pull/denied": "the registry refuses the image",
  "image-pull/platform": "the image is for another platform",
  "image-pull/rate-limit": "the registry limits pulls",
  "image-pull/unreachable": "the registry cannot be reached",
  "image-pull/failed": "the image cannot be pulled",
  "container-config/secret-missing": "a Secret is missing",
  "container-config/config-map-missing": "a ConfigMap is missing",
  "container-config/key-missing": "a key is missing",
  "container-config/run-as-root": "the image would run as root",
  "container-config/invalid": "the container's configuration is refused",
  "container-start/command-missing": "the command is missing",
  "container-start/wrong-platform": "the program is for another platform",
  "container-start/sandbox": "the pod gets no network",
  "container-start/failed": "the container cannot be started",
  "crash/out-of-memory": "it runs out of memory",
  "crash/liveness": "it fails its liveness probe",
  "crash/exit": "its container exits",
  "never-ready/startup": "it fails its startup probe",
  "never-ready/readiness": "it fails its readiness probe",
  "volume/secret-missing": "a Secret to mount is missing",
  "volume/config-map-missing": "a ConfigMap to mount is missing",
  "volume/key-missing": "a key to mount is missing",
  "volume/identity": "the identity may not read the vault",
  "volume/failed": "a volume cannot be mounted",
  "rollout/old-pod-blocks": "a broken older pod stands in the way",
  "rollout/progress-deadline": "its progress deadline is over",
  "job/deadline": "the job took too long",
  "job/failed": "the job failed",
  "pod/failed": "the pod failed",
  "claim/pending": "no volume for the claim",
  "load-balancer/pending": "the load balancer has no address",
  "api-service/unavailable": "nobody answers for the API",
  "custom-resource/failed": "its controller reports a failure",
  "custom-resource/silent": "no controller has looked at it",
  "rollout/replicas-taken-back": "the chart took replicas back",
  "smoke/failed": "its smoke test fails",
  "nothing/matched": "it matches nothing",
  "never-ready/silent": "nothing says why",
} as const;

export type CauseCode = keyof typeof CAUSE_WORDS;

/** All codes, in the order in which they explain. */
export const CAUSE_CODES = Object.keys(CAUSE_WORDS) as readonly CauseCode[];

/** A code in a few words, such as `no such image`. */
export function wordsOf(code: CauseCode): string {
  return CAUSE_WORDS[code];
}

/** Where a code stands in the order in which they explain; the lowest counts. */
export function rankOf(code: CauseCode): number {
  return CAUSE_CODES.indexOf(code);
}
