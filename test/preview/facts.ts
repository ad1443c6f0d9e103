import type { PreviewFacts } from "../../src/preview/decide.ts";
import type { Environment } from "../../src/preview/environment.ts";
import type { PullRequest } from "../../src/preview/pull-request.ts";

export const HEAD = "a".repeat(40);
export const OLD = "b".repeat(40);
export const NOW = new Date("2026-11-22T06:00:00Z");
export const EARLIER = new Date("2026-11-22T05:00:00Z");
export const LATER = new Date("2026-11-22T09:00:00Z");

export const PULL: PullRequest = {
  number: 12,
  state: "open",
  merged: false,
  draft: false,
  title: "A shop",
  labels: [],
  author: "octo",
  headSha: HEAD,
  headRef: "shop",
  headRepository: "octo/shop",
  baseRef: "main",
  url: "https://github.com/octo/shop/pull/12",
};

export const GROUP = {
  id: "/subscriptions/s/resourceGroups/pr-12",
  subscriptionId: "s",
  name: "pr-12",
  location: "westeurope",
  tags: {},
  managedBy: undefined,
  provisioningState: "Succeeded",
};

export const STANDS: Environment = {
  name: "pr-12",
  groups: [GROUP],
  namespaces: [],
  expiresAt: LATER,
  headSha: OLD,
  deleting: false,
};

export const FACTS: PreviewFacts = {
  repository: "octo/shop",
  pull: PULL,
  environment: undefined,
  seen: true,
  hidden: false,
  pinned: false,
  cause: "pushed",
  headSha: HEAD,
  approvedSha: undefined,
  destroyAskedAt: undefined,
  wantedAt: undefined,
  wishedAt: undefined,
  deploying: false,
  others: 0,
  ahead: 0,
  policy: { label: undefined, drafts: true, maxPreviews: 10 },
  now: NOW,
};

/** What is different from a new pull request of ours. */
export type Change = Partial<Omit<PreviewFacts, "pull" | "policy">> & {
  readonly pull?: Partial<PullRequest>;
  readonly policy?: Partial<PreviewFacts["policy"]>;
};

/** A new pull request of ours, but for what is said. */
export function facts({ pull, policy, ...change }: Change): PreviewFacts {
  return { ...FACTS, ...change, pull: { ...PULL, ...pull }, policy: { ...FACTS.policy, ...policy } };
}
