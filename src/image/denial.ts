import { shellQuote } from "../paste/quote.ts";
import type { ImageCode } from "./image-codes.ts";
import { type Need, ROLES, type RoleMode } from "./registry-roles.ts";
import { type Assignee, renderRoleLine } from "./role-assignment.ts";

/** A refusal, and what is known of who asked whom. */
export interface Denial extends Assignee {
  /** The registry's own words. */
  readonly said: string;
  readonly need: Need;
  /** Undefined where ARM cannot be asked. */
  readonly mode: RoleMode | undefined;
  /** False where the registry is reached through a private endpoint only; undefined when that is not known. */
  readonly publicAccess?: boolean | undefined;
}

export interface DenialExplanation {
  readonly code: ImageCode;
  /** What happened and what to do, with the lines in it. */
  readonly message: string;
  /** The lines that mend it, ready to paste. */
  readonly commands: readonly string[];
}

/** Why a registry refused, and the exact lines that mend it. */
export function explainDenial(denial: Denial): DenialExplanation {
  if (/client with IP|aka\.ms\/acr\/firewall/i.test(denial.said)) return explainFirewall(denial);
  if (denial.publicAccess === false) return explainPrivate(denial);
  return isAzure(denial) ? explainRole(denial) : explainOther(denial);
}

const DEEDS: Readonly<Record<Need, string>> = {
  pull: "read",
  push: "push to",
  delete: "delete in",
  list: "list the repositories of",
  build: "build on",
  import: "import into",
};

function explainRole(denial: Denial): DenialExplanation {
  const { mode, need, principalId } = denial;
  const where = denial.repository === undefined ? denial.host : `${denial.host}/${denial.repository}`;
  const who = principalId === undefined ? "The identity" : `The identity ${principalId}`;
  const modes: readonly RoleMode[] = mode === undefined ? ["legacy", "abac"] : [mode];
  const parts = modes.map((one) => ({
    names: ROLES[one][need].map(({ name }) => name).join(" and "),
    lines: ROLES[one][need].map((role) => renderRoleLine(role, denial)),
    heading: mode === undefined ? HEADINGS[one] : undefined,
  }));
  const commands = parts.flatMap(({ lines }) => lines);
  const lines = parts.flatMap(({ heading, lines: some }) => [...(heading === undefined ? [] : [heading]), ...some]);
  return answer("registry-denied", commands, [
    `${who} may not ${DEEDS[need]} ${where}.`,
    ...(mode === "abac" ? [ABAC] : []),
    `To do: give it ${parts.map(({ names }) => names).join(", or ")}, wait some minutes, and run again:`,
    ...lines,
    ...(principalId === undefined
      ? ["<object-id> is told by: az ad sp show --id <client-id> --query id --output tsv"]
      : []),
    ...quoteWords(denial),
  ]);
}

const ABAC =
  "The registry reads role assignments with conditions (ABAC): AcrPull, AcrPush, AcrDelete, Owner and Contributor count for nothing there.";

const HEADINGS: Readonly<Record<RoleMode, string>> = {
  legacy: "# when az acr show --name <registry> --query roleAssignmentMode says LegacyRegistryPermissions or nothing:",
  abac: "# when it says AbacRepositoryPermissions:",
};

function explainFirewall(denial: Denial): DenialExplanation {
  const address = /client with IP '([0-9a-f.:]+)'/i.exec(denial.said)?.[1];
  if (denial.publicAccess === false) return explainPrivate(denial);
  const name = findName(denial);
  const rule = (verb: string): string =>
    `az acr network-rule ${verb} --name ${name} --ip-address ${address === undefined ? "<address>" : shellQuote(address)}`;
  return answer(
    "registry-firewall",
    [rule("add")],
    [
      `The firewall of ${denial.host} does not let ${address ?? "this machine"} in.`,
      "To do: let the address in (SKU Premium), and take it out again afterwards, since GitHub's runners share theirs:",
      rule("add"),
      `${rule("remove")}  # afterwards`,
      "Also: run on a runner inside the registry's network, or build with builder: acr-tasks and an agent-pool in it.",
      ...quoteWords(denial),
    ],
  );
}

function explainPrivate(denial: Denial): DenialExplanation {
  const line = `az acr show --name ${findName(denial)} --query publicNetworkAccess --output tsv`;
  return answer(
    "registry-firewall",
    [line],
    [
      `${denial.host} has no public network access: only its private endpoints lead to it.`,
      "To do: run on a runner inside its network, or build with builder: acr-tasks and an agent-pool in it.",
      `This is what says so: ${line}`,
      ...quoteWords(denial),
    ],
  );
}

/** Registries that are not Azure's have rights of their own. */
function explainOther(denial: Denial): DenialExplanation {
  const where = denial.repository === undefined ? denial.host : `${denial.host}/${denial.repository}`;
  const todo =
    denial.host === "ghcr.io"
      ? "To do: grant the job packages: write, and let this repository write to the package (its settings, Manage Actions access)."
      : "To do: check the login for this registry and the repository's name.";
  return answer("registry-denied", [], [`${where} refuses to ${DEEDS[denial.need]} it.`, todo, ...quoteWords(denial)]);
}

function isAzure({ host, registryId }: Denial): boolean {
  return registryId !== undefined || /\.azurecr\.(?:io|us|cn|de)$/i.test(host);
}

/** The registry's name in ARM, from its id; a login server begins with it, and may go on with a hash. */
function findName({ registryId, host }: Denial): string {
  const name = registryId?.split("/").at(-1) ?? (/\.azurecr\./i.test(host) ? /^[a-z0-9]+/i.exec(host)?.[0] : undefined);
  return name === undefined || name === "" ? "<registry>" : shellQuote(name);
}

function quoteWords({ said }: Denial): readonly string[] {
  const words = said.replace(/\s+/g, " ").trim();
  return words === "" ? [] : [`The registry's words: ${words.slice(0, 500)}`];
}

function answer(code: ImageCode, commands: readonly string[], lines: readonly string[]): DenialExplanation {
  return { code, commands, message: lines.join("\n") };
}
