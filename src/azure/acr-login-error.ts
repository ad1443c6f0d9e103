import { UserError } from "../kit/user-error.ts";

/** What a registry said to a login, for whoever explains it further. */
export interface AcrLoginFacts {
  readonly loginServer: string;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  /** The registry's own code: `DENIED`, `UNAUTHORIZED`. */
  readonly code: string | undefined;
  /** The registry's words, or what was wrong with the connection. */
  readonly said: string;
  /** The address that the registry's firewall saw. */
  readonly ip: string | undefined;
  readonly correlationId: string | undefined;
}

/** A registry did not let us in. */
export class AcrLoginError extends UserError {
  readonly facts: AcrLoginFacts;

  constructor(code: AcrLoginCode, advice: string, facts: AcrLoginFacts, cause?: unknown) {
    const answer = facts.status === undefined ? facts.said : `it answered ${facts.status}: ${facts.said}`;
    const id =
      facts.correlationId === undefined || facts.said.includes(facts.correlationId)
        ? ""
        : ` (correlation id ${facts.correlationId})`;
    super(
      code,
      `Cannot log in to ${facts.loginServer}: ${answer}${id}.\nTo do: ${advice}`,
      cause === undefined ? {} : { cause },
    );
    this.facts = facts;
  }
}

export type AcrLoginCode =
  | "registry-not-found"
  | "registry-firewall"
  | "registry-denied"
  | "registry-busy"
  | "registry-unreachable";

/** The error for a refused login: what its status and words mean. */
export function explainLogin(facts: AcrLoginFacts, cause?: unknown): AcrLoginError {
  const meaning = MEANINGS.find(({ test }) => test(facts)) ?? UNKNOWN;
  return new AcrLoginError(meaning.code, meaning.advise(facts), facts, cause);
}

interface Meaning {
  readonly code: AcrLoginCode;
  readonly test: (facts: AcrLoginFacts) => boolean;
  readonly advise: (facts: AcrLoginFacts) => string;
}

const UNKNOWN: Meaning = {
  code: "registry-unreachable",
  test: () => true,
  advise: ({ loginServer, status }) =>
    status === undefined
      ? `let the runner reach ${loginServer} (HTTPS_PROXY, NO_PROXY, firewall, NODE_EXTRA_CA_CERTS).`
      : `check that ${loginServer} is the login server of an Azure registry and that nothing in between answers for it: az acr show --name <registry> --query loginServer`,
};

const MEANINGS: readonly Meaning[] = [
  {
    code: "registry-not-found",
    test: ({ status, said }) => status === undefined && said.includes("ENOTFOUND"),
    advise: () => "check the name, or read it from Azure: az acr show --name <registry> --query loginServer",
  },
  {
    code: "registry-firewall",
    test: ({ status, code, ip, said }) =>
      status === 403 && code !== undefined && (ip !== undefined || /firewall|network|not allowed access/i.test(said)),
    advise: ({ ip }) =>
      `let this machine in: az acr network-rule add --name <registry> --ip-address ${ip ?? "<address>"}. The address of a hosted runner changes with every job: use a runner inside the network, or let Azure build.`,
  },
  {
    code: "registry-denied",
    test: ({ status, code }) => (status === 401 || status === 403) && code !== undefined,
    advise: () =>
      "give the identity a role on this registry, which has to be in the identity's own tenant: az role assignment create --assignee <client-id> --role AcrPush --scope <id of the registry>",
  },
  {
    code: "registry-busy",
    test: ({ status }) => status === 408 || status === 429 || (status !== undefined && status >= 500),
    advise: () => "run it again; nothing was lost.",
  },
];
