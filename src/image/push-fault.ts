import type { ImageCode } from "./image-codes.ts";

/** Why a push failed. Only `transient` is worth another try, and `expired` after a new login. */
export type PushFaultKind =
  | "transient"
  | "expired"
  | "denied"
  | "firewall"
  | "locked"
  | "disk-full"
  | "quota"
  | "invalid"
  | "failed";

export interface PushFault {
  readonly kind: PushFaultKind;
  /** Stable: the output `error-code`. */
  readonly code: ImageCode;
  /** In words, without what the registry said. */
  readonly because: string;
  readonly mend: string;
  /** By which Azure's support finds the request. */
  readonly correlationId: string | undefined;
}

/** One way to fail, known by words or by the HTTP status that is told. */
interface Row {
  readonly kind: PushFaultKind;
  readonly because: string;
  readonly mend: string;
  readonly words?: RegExp;
  readonly statuses?: readonly number[];
}

/**
 * The first row that fits counts. What no try can mend stands before what passes: an answer of 400, 403 or 405 is never
 * tried again, whatever else a log holds.
 */
const ROWS: readonly Row[] = [
  {
    kind: "disk-full",
    because: "the disk of the builder is full",
    mend: "remove what is not needed before the build (docker system prune), or take a runner with more room",
    words: /no space left on device|ENOSPC|disk quota exceeded/i,
  },
  {
    kind: "firewall",
    because: "the registry's firewall does not let this machine in",
    mend: "let the runner's address in, or run where the registry can be reached",
    words: /client with IP '[^']*' is not allowed|aka\.ms\/acr\/firewall/i,
  },
  {
    kind: "quota",
    because: "the registry has no room left",
    mend: "remove old images (acr-purge), or take a larger SKU: az acr show-usage --name <registry>",
    words: /\bquota\b|insufficient storage|storage (?:usage|limit|capacity)|size limit of the registry/i,
    statuses: [507],
  },
  {
    kind: "locked",
    because:
      "the registry does not allow this: the tag, image or repository is locked, quarantined, or the registry is full",
    mend: "see what is locked: az acr repository show --name <registry> --image <repository>:<tag>, and what is used: az acr show-usage --name <registry>",
    words:
      /REGISTRY_DISALLOWED_OPERATION|operation is disallowed on this registry|immutable tag|tag (?:is )?immutable/i,
    statuses: [405],
  },
  {
    kind: "denied",
    because: "the identity has no right to push there",
    mend: "give the identity the role that pushes, or check the repository's name",
    words:
      /insufficient_scope|access to the resource is denied|push access denied|\bDENIED\b:|permission_denied|Application not registered with AAD/i,
    statuses: [403],
  },
  {
    kind: "expired",
    because: "the registry's token ended before the push did",
    mend: "log in again and push again; this is done without being asked once more",
    words: /token (?:has |is )?expired|expired token|error="invalid_token"|jwt (?:is )?expired/i,
  },
  {
    kind: "expired",
    because: "the registry did not take the login",
    mend: "log in again and push again; this is done without being asked once more",
    words: /unauthorized: authentication required|\bUNAUTHORIZED\b/i,
    statuses: [401],
  },
  {
    kind: "invalid",
    because: "the registry took what was pushed for invalid",
    mend: "check the image's name and tag, and that no layer or manifest is too large for the registry",
    words:
      /\b(?:MANIFEST_INVALID|NAME_INVALID|TAG_INVALID|DIGEST_INVALID|SIZE_INVALID|BLOB_UPLOAD_INVALID|UNSUPPORTED)\b|manifest invalid|invalid reference format/i,
    statuses: [400, 413, 415],
  },
  {
    kind: "transient",
    because: "the registry asks for fewer requests",
    mend: "run it again later; of Docker Hub, pull base images with a login or import them into the registry",
    words: /\btoo ?many ?requests\b|rate limit/i,
    statuses: [429],
  },
  {
    kind: "transient",
    because: "the registry or something before it failed in passing",
    mend: "run it again; https://azure.status.microsoft shows outages",
    // A range is invalid, and an upload unknown, where one was cut and goes on elsewhere than the registry thinks.
    words:
      /error parsing HTTP 50\d|failed to parse error response 50\d|BLOB_UPLOAD_UNKNOWN|blob upload unknown|RANGE_INVALID|invalid content range|internal server error/i,
    statuses: [408, 416, 500, 502, 503, 504],
  },
  {
    kind: "transient",
    because: "the connection to the registry was cut or gave no answer",
    mend: "run it again; on a machine of your own, look at its network and proxy",
    words:
      /connection reset|broken pipe|unexpected EOF|(?:^|[\s:"])EOF(?=$|[\s"])|i\/o timeout|TLS handshake timeout|context deadline exceeded|Client\.Timeout|connection refused|connection timed out|no route to host|network is unreachable|temporary failure in name resolution|server misbehaving|http2: (?:client connection lost|server sent GOAWAY)|stream error|use of closed network connection|ECONNRESET|ETIMEDOUT|EPIPE|EAI_AGAIN|socket hang up/i,
  },
];

const UNKNOWN: Pick<Row, "kind" | "because" | "mend"> = {
  kind: "failed",
  because: "nobody has explained this failure yet",
  mend: "read what was said below, and look at the builder's whole log",
};

const CODES: Readonly<Record<PushFaultKind, ImageCode>> = {
  transient: "registry-busy",
  expired: "registry-login-expired",
  denied: "registry-denied",
  firewall: "registry-firewall",
  locked: "registry-locked",
  "disk-full": "disk-full",
  quota: "registry-full",
  invalid: "push-refused",
  failed: "push-failed",
};

/**
 * What a failure of docker, buildx or a registry means.
 *
 * @param said the error itself and not a whole log, which tells of faults that were mended as well.
 */
export function classifyPushFault(
  said: string,
  facts: {
    /** Where the status is known, and does not only stand in the words. */
    readonly status?: number | undefined;
    /** The login was made just before: then a 401 is no token that ended but a right that is not there. */
    readonly freshLogin?: boolean | undefined;
  } = {},
): PushFault {
  const statuses = facts.status === undefined ? listStatuses(said) : [facts.status];
  const row =
    ROWS.find((one) => one.words?.test(said) || one.statuses?.some((status) => statuses.includes(status))) ?? UNKNOWN;
  const found = row.kind === "expired" && facts.freshLogin === true ? DENIED : row;
  const correlationId = /\bCorrelation ?Id:? ?"?([0-9a-f-]{8,36})/i.exec(said)?.[1];
  return { kind: found.kind, code: CODES[found.kind], because: found.because, mend: found.mend, correlationId };
}

const DENIED: Pick<Row, "kind" | "because" | "mend"> = {
  kind: "denied",
  because: "the registry refuses the identity, also after a new login",
  mend: "give the identity the role that pushes, and check that the registry is the one that is meant",
};

/** The HTTP statuses that docker, containerd and BuildKit put into their words, each in its own way. */
function listStatuses(said: string): readonly number[] {
  const forms = [
    /\b([45]\d\d) [A-Z][a-z]+/g,
    /\bHTTP(?:\/\d(?:\.\d)?| status:?)? ([45]\d\d)\b/gi,
    /\berror response ([45]\d\d)\b/gi,
    /\bstatus(?: code)?[:=]? ([45]\d\d)\b/gi,
    /\bunexpected status[^\n]*?: ([45]\d\d)\b/gi,
  ];
  return forms.flatMap((form) => [...said.matchAll(form)].map(([, status]) => Number(status)));
}
