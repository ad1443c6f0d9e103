import { type ArmFault, listBlockers } from "../../ttl/blockers.ts";
import { renderRoleLine } from "./roles.ts";
import type { ImportAnswer, SourceAccess } from "./world.ts";

type Failure = Extract<ImportAnswer, { readonly kind: "failed" }>;

/** What a failed import means for the next step. */
export type Meaning =
  /** The tag exists: whether that is good or bad, a look tells. */
  | { readonly kind: "conflict" }
  | { readonly kind: "again"; readonly because: string }
  | { readonly kind: "final"; readonly code: string; readonly because: string };

/**
 * Words of the copy between registries that pass by themselves.
 * https://github.com/Azure/azure-cli/issues/29974, https://github.com/Azure/acr/issues/632
 */
const PASSING =
  /Error copying blobs|may not be RFC 7233 compliant|Unexpected response status code|Unexpected length of body|timed? ?out|TOOMANYREQUESTS/i;
const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Whom a failure is about. */
export interface Parties {
  readonly access: SourceAccess;
  readonly targetId: string;
  readonly clientId: string;
}

/** What ARM's answer means, and what a person should do about it. */
export function explainFault({ status, fault, requestId }: Failure, parties: Parties): Meaning {
  const said = wordsOf(fault);
  const because = `ARM answered ${status} ${fault.code}: ${cut(said)} (request ${requestId})`;
  if (status === 409) {
    return /already exists/i.test(said) ? { kind: "conflict" } : { kind: "again", because };
  }
  const refused = REFUSALS.find(({ test }) => test({ status, fault, said }));
  if (refused === undefined && (TRANSIENT.has(status) || PASSING.test(said))) return { kind: "again", because };
  const known = refused ?? REASONS.find(({ test }) => test({ status, fault, said }));
  if (known === undefined) return { kind: "final", code: "import-failed", because };
  return { kind: "final", code: known.code, because: `${because}.\n${known.advise(parties, said)}` };
}

interface Reason {
  readonly test: (failure: { readonly status: number; readonly fault: ArmFault; readonly said: string }) => boolean;
  readonly code: string;
  readonly advise: (parties: Parties, said: string) => string;
}

/** What ARM itself refuses. */
const REFUSALS: readonly Reason[] = [
  {
    // ARM checks the source's resource id for rights, too, and calls it a linked scope.
    test: ({ fault }) => /^LinkedAuthorizationFailed$/i.test(fault.code),
    code: "import-denied",
    advise: (parties) => adviseSource(parties),
  },
  {
    test: ({ status, fault }) => status === 403 || /^AuthorizationFailed$/i.test(fault.code),
    code: "import-denied",
    advise: (parties, said) =>
      names(said, parties) ? adviseSource(parties) : `To do: ${renderRoleLine(parties.clientId, parties.targetId)}`,
  },
];

/** What the source or the copy says, by its words: ARM wraps all of it in one code. The first that fits counts. */
const REASONS: readonly Reason[] = [
  {
    test: ({ said }) =>
      /is not allowed access|aka\.ms\/acr\/firewall|network (?:rule|access)|public network/i.test(said),
    code: "import-network",
    advise: ({ access }) =>
      access.kind === "acr"
        ? "To do: let trusted Azure services through the firewall of both registries: az acr update --name <registry> --allow-trusted-services true"
        : "To do: a registry without public access can be a source only by its resource id, in the same tenant: source-registries: /subscriptions/…",
  },
  {
    test: ({ said }) => /MANIFEST_UNKNOWN|NAME_UNKNOWN|manifest unknown|not found/i.test(said),
    code: "import-source-missing",
    advise: () => "To do: check the image's name, tag and digest at its source.",
  },
  {
    test: ({ said }) => /unauthorized|authentication required|\bdenied\b|forbidden|\b40[13]\b/i.test(said),
    code: "import-denied",
    advise: (parties) => adviseSource(parties),
  },
  {
    test: ({ said }) => /more than 50|too many manifests|50 manifests/i.test(said),
    code: "import-too-large",
    advise: () => TOO_LARGE,
  },
];

export const TOO_LARGE =
  "To do: ARM imports at most 50 manifests of an image; copy the platforms that are needed one by one, by their digests.";

/** Whether ARM speaks of the source's registry, whose name may be the beginning of another one's. */
function names(said: string, { access, targetId }: Parties): boolean {
  if (access.kind !== "acr" || access.facts.id.toLowerCase() === targetId.toLowerCase()) return false;
  return said.toLowerCase().includes(`'${access.facts.id.toLowerCase()}'`);
}

function adviseSource({ access, clientId }: Parties): string {
  switch (access.kind) {
    case "acr":
      return `To do: ${renderRoleLine(clientId, access.facts.id)}`;
    case "credentials":
      return `To do: check source-username and source-token: ${access.host} refused them, or they may not pull this image.`;
    case "anonymous":
      return `To do: ${access.host} wants a login. Give source-username and source-token, or, for an Azure registry of this tenant, its resource id in source-registries.`;
  }
}

/** ARM nests the registry's own words inside its error. */
function wordsOf(fault: ArmFault): string {
  return [...new Set(listBlockers(fault).map(({ message }) => message))].join("; ");
}

function cut(text: string): string {
  const LONGEST = 400;
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
