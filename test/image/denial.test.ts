import { execFileSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Denial, explainDenial } from "../../src/image/denial.ts";

const PRINCIPAL = "11111111-2222-3333-4444-555555555555";
const SCOPE = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/mayfly";
const DENIAL: Denial = {
  said: "insufficient_scope: authorization failed",
  need: "push",
  mode: "legacy",
  principalId: PRINCIPAL,
  registryId: SCOPE,
  host: "mayfly.azurecr.io",
  repository: "team/app",
};

/** The words that a shell makes of a line: what az would really get. */
function shellWords(line: string): readonly string[] {
  const said = execFileSync("sh", ["-c", `az() { for word in "$@"; do printf '%s\\n' "$word"; done; }\n${line}`]);
  return said.toString().trimEnd().split("\n");
}

describe("a denial", () => {
  test("of a legacy registry is mended with one role on all of it", () => {
    const { code, message, commands } = explainDenial(DENIAL);
    expect(code).toBe("registry-denied");
    expect(message).toContain(`The identity ${PRINCIPAL} may not push to mayfly.azurecr.io/team/app.`);
    expect(message).toContain("give it AcrPush");
    expect(commands.map(shellWords)).toEqual([
      [
        "role",
        "assignment",
        "create",
        "--assignee-object-id",
        PRINCIPAL,
        "--assignee-principal-type",
        "ServicePrincipal",
        "--role",
        "8311e382-0749-4cb8-b61a-304f252e45ec",
        "--scope",
        SCOPE,
      ],
    ]);
  });

  test("of a registry with ABAC says why AcrPush does not count, and narrows the role to the prefix", () => {
    const { message, commands } = explainDenial({ ...DENIAL, mode: "abac" });
    expect(message).toContain("AcrPull, AcrPush, AcrDelete, Owner and Contributor count for nothing");
    const words = shellWords(commands[0] ?? "");
    expect(words).toContain("2a1e307c-b015-4ebd-883e-5b7698a07328");
    expect(words.slice(-2)).toEqual(["--condition-version", "2.0"]);
    const base = "Microsoft.ContainerRegistry/registries/repositories";
    expect(words.at(-3)).toBe(
      `((!(ActionMatches{'${base}/content/read'}) AND !(ActionMatches{'${base}/content/write'}) AND !(ActionMatches{'${base}/metadata/read'}) AND !(ActionMatches{'${base}/metadata/write'})) OR (@Request[${base}:name] StringStartsWithIgnoreCase 'team/'))`,
    );
  });

  test("names a repository without a folder exactly", () => {
    const { commands } = explainDenial({ ...DENIAL, mode: "abac", repository: "app" });
    expect(commands[0]).toContain("StringEqualsIgnoreCase");
    expect(shellWords(commands[0] ?? "").join(" ")).toContain("StringEqualsIgnoreCase 'app'");
  });

  test.each([
    ["legacy", "pull", ["7f951dda-4ed3-4680-a7ca-43fe172d538d"]],
    ["legacy", "delete", ["c2f4ef07-c644-48eb-af81-4b1b4947fb11"]],
    ["legacy", "build", ["fb382eab-e894-4461-af04-94435c366c3f"]],
    ["abac", "pull", ["b93aa761-3e63-49ed-ac28-beffa264f7ac"]],
    ["abac", "delete", ["2efddaa5-3f1f-4df3-97df-af3f13818f4c"]],
    ["abac", "list", ["bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7"]],
    ["abac", "build", ["fb382eab-e894-4461-af04-94435c366c3f", "2a1e307c-b015-4ebd-883e-5b7698a07328"]],
    ["abac", "import", ["Container Registry Data Importer and Data Reader"]],
  ] as const)("%s, %s: takes the roles %j", (mode, need, ids) => {
    const { commands } = explainDenial({ ...DENIAL, mode, need });
    expect(commands.map((line) => shellWords(line)[8])).toEqual(ids);
    // The lister knows no conditions.
    if (need === "list") expect(commands.join()).not.toContain("--condition");
  });

  test("shows both ways where nobody knows the mode, and how to find out", () => {
    const { message, commands } = explainDenial({ ...DENIAL, mode: undefined });
    expect(commands).toHaveLength(2);
    expect(message).toContain("roleAssignmentMode");
    expect(message).toContain("give it AcrPush, or Container Registry Repository Writer");
  });

  test("says how to find what is not known", () => {
    const { message, commands } = explainDenial({ ...DENIAL, principalId: undefined, registryId: undefined });
    expect(message).toContain("az ad sp show --id <client-id> --query id");
    expect(commands[0]).toContain(
      `--scope "$(az acr list --query "[?loginServer=='mayfly.azurecr.io'].id" --output tsv)"`,
    );
  });

  test("by the firewall names the address and the line that lets it in", () => {
    const said =
      "DENIED: client with IP '20.1.2.3' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";
    const { code, message, commands } = explainDenial({
      ...DENIAL,
      said,
      registryId: undefined,
      host: "mayfly-a1b2.azurecr.io",
    });
    expect(code).toBe("registry-firewall");
    expect(message).toContain("does not let 20.1.2.3 in");
    expect(commands).toEqual(["az acr network-rule add --name mayfly --ip-address 20.1.2.3"]);
    expect(message).toContain("az acr network-rule remove --name mayfly --ip-address 20.1.2.3");
  });

  test("of a private registry proposes no hole in a firewall that has none", () => {
    const said = "client with IP '20.1.2.3' is not allowed access";
    for (const words of [said, "timeout"]) {
      const { code, message } = explainDenial({ ...DENIAL, said: words, publicAccess: false });
      expect(code).toBe("registry-firewall");
      expect(message).toContain("no public network access");
      expect(message).not.toContain("network-rule");
    }
  });

  test("of another registry speaks of its own rights", () => {
    const elsewhere = { ...DENIAL, registryId: undefined, principalId: undefined };
    expect(explainDenial({ ...elsewhere, host: "ghcr.io" }).message).toContain("packages: write");
    expect(explainDenial({ ...elsewhere, host: "docker.io" }).commands).toEqual([]);
  });

  test("is never a line that runs what a server or a user put into it", () => {
    const evil = fc.constantFrom("$(touch x)", "`id`", "'; id; '", '"', "a b", "\\", "<x>");
    fc.assert(
      fc.property(evil, evil, fc.constantFrom("legacy", "abac"), (principal, id, mode) => {
        const registryId = `${SCOPE}${id}`;
        const denial = { ...DENIAL, mode, principalId: principal, registryId } as const;
        const words = shellWords(explainDenial(denial).commands[0] ?? "");
        expect(words).toContain(principal);
        expect(words).toContain(registryId);
      }),
      { numRuns: 30 },
    );
    const { commands } = explainDenial({ ...DENIAL, registryId: undefined, host: "x'$(id).azurecr.io" });
    expect(commands[0]).toContain("--scope <registry-id>");
  });
});
