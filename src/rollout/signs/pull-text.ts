import { shellQuote } from "../../paste/quote.ts";
import type { CauseCode } from "../cause-codes.ts";
import { type ImageName, readImageName } from "./image-name.ts";

/** What the kubelet's words on a pull mean. */
export interface PullFault {
  readonly code: CauseCode;
  /** Behind `cannot pull <image>: `. */
  readonly because: string;
  readonly fix: string;
  /** Whether another try would end the same way. */
  readonly definite: boolean;
}

interface Row {
  readonly words: RegExp;
  readonly cause: CauseCode;
  readonly because: (name: ImageName) => string;
  readonly fix: (name: ImageName, image: string) => string;
  readonly definite: boolean;
}

const AGAIN = "run the deployment again when the registry can be reached";

/** The first row whose words are said counts: a refusal may hold "does not exist", a cut connection "not found". */
const ROWS: readonly Row[] = [
  {
    words: /invalid reference format|couldn't parse image|InvalidImageName/i,
    cause: "image-pull/invalid-name",
    because: () => "its name is not one of an image",
    fix: () => "write it in lower case as registry/repository:tag in the chart's values",
    definite: true,
  },
  {
    words: /toomanyrequests|\b429\b|pull rate limit|too many requests/i,
    cause: "image-pull/rate-limit",
    because: ({ host }) => `${host} limits how often it is pulled from`,
    fix: () => "import the image into your own registry (acr-import), or give the pods a pull Secret of an account",
    definite: false,
  },
  {
    words: /no match for platform|no matching manifest for|exec format error/i,
    cause: "image-pull/platform",
    because: () => "there is none for the platform of the node",
    fix: () => "build it for the nodes' platform: platforms: linux/amd64,linux/arm64",
    definite: true,
  },
  {
    words: /client with IP '?[\w.:]*'? is not allowed|aka\.ms\/acr\/firewall/i,
    cause: "image-pull/denied",
    because: () => "the registry's firewall does not let the node in",
    fix: ({ azureRegistry }) =>
      `let the cluster's egress address in: az acr network-rule add --name ${azureRegistry ?? "<registry>"} --ip-address <address>`,
    definite: true,
  },
  {
    words: /failed to fetch anonymous token|no basic auth credentials/i,
    cause: "image-pull/denied",
    because: () => "the node has no credential for the registry",
    fix: ({ azureRegistry, host }) =>
      azureRegistry === undefined
        ? `name a pull Secret for ${host} in imagePullSecrets of the pods or of their service account`
        : `give the kubelet's identity AcrPull on the registry: az aks update --resource-group <group> --name <cluster> --attach-acr ${azureRegistry}`,
    definite: true,
  },
  {
    words: /failed to fetch oauth token.*\b40[013]\b/is,
    cause: "image-pull/denied",
    because: () => "the registry refuses the credential that the node has",
    fix: ({ azureRegistry, repository, host }) =>
      azureRegistry === undefined
        ? `renew the pull Secret for ${host}, and check that its account may read ${repository}`
        : `check that the kubelet's identity, or the pull Secret, may read ${repository}: az role assignment list --scope "$(az acr show --name ${azureRegistry} --query id --output tsv)" --output table`,
    definite: true,
  },
  {
    words:
      /\bunauthorized\b|insufficient_scope|invalid_token|access denied|access to the resource is denied|\bdenied:|403 Forbidden|401 Unauthorized|authentication required|authorization failed/i,
    cause: "image-pull/denied",
    because: ({ repository }) => `the registry does not let the node read ${repository}`,
    fix: ({ azureRegistry, host }) =>
      azureRegistry === undefined
        ? `check that the repository exists, and name a pull Secret for ${host} in imagePullSecrets`
        : `give the kubelet's identity the right to pull: az aks update --resource-group <group> --name <cluster> --attach-acr ${azureRegistry}; a registry with ABAC wants the role Container Registry Repository Reader`,
    definite: true,
  },
  {
    words: /no such host|server misbehaving|name resolution/i,
    cause: "image-pull/unreachable",
    because: ({ host }) => `the node does not know the name ${host}`,
    fix: ({ host }) =>
      `check the registry's name ${host}, and the DNS of the nodes (a private endpoint needs its zone)`,
    definite: false,
  },
  {
    words: /x509:|certificate/i,
    cause: "image-pull/unreachable",
    because: ({ host }) => `the node does not trust the certificate of ${host}`,
    fix: () => "give the nodes the certificate authority of the registry, or take a registry with a public certificate",
    definite: true,
  },
  {
    words:
      /\bEOF\b|timeout|timed out|deadline exceeded|connection refused|connection reset|failed to do request|no route to host|network is unreachable|dial tcp|TLS handshake|\b50[0234]\b/i,
    cause: "image-pull/unreachable",
    because: ({ host }) => `${host} gives the node no answer`,
    fix: () => `${AGAIN}; check the nodes' way out (firewall, proxy, private endpoint)`,
    definite: false,
  },
  {
    words: /\bnot found\b|manifest unknown|MANIFEST_UNKNOWN|NAME_UNKNOWN|code = NotFound|does not exist/i,
    cause: "image-pull/not-found",
    because: ({ repository, version }) => `there is no ${version} of ${repository}`,
    fix: ({ azureRegistry, repository }) =>
      azureRegistry === undefined
        ? "check repository and tag in the chart's values, and that the build has pushed them"
        : `check the tag in the chart's values; those that there are: az acr repository show-tags --name ${azureRegistry} --repository ${shellQuote(repository)} --orderby time_desc --top 10`,
    definite: true,
  },
  {
    words: /pull policy of Never|ErrImageNeverPull/i,
    cause: "image-pull/failed",
    because: () => "the node does not have it and may not pull it (imagePullPolicy: Never)",
    fix: () => "set imagePullPolicy: IfNotPresent",
    definite: true,
  },
];

/** Reads what the kubelet says of a pull that failed. */
export function explainPull(image: string, said: string): PullFault {
  const name = readImageName(image);
  const row = ROWS.find(({ words }) => words.test(said));
  if (row === undefined) {
    const [causeCode, fix] = UNKNOWN;
    const last = said.split(": ").at(-1)?.trim() ?? "";
    return { code: causeCode, because: last || "the node does not say why", fix, definite: false };
  }
  const { cause: causeCode, because, fix, definite } = row;
  return { code: causeCode, because: because(name), fix: fix(name, image), definite };
}

const UNKNOWN: readonly [CauseCode, string] = [
  "image-pull/failed",
  "read what the kubelet said, and try the pull by hand: docker pull <image>",
];
