import { connectImports, type ImportSource } from "../../azure/imports.ts";
import type { RegistryFacts as ArmFacts } from "../../azure/registry-facts.ts";
import type { Need } from "../../image/registry-roles.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { oncePer } from "../../kit/once.ts";
import type { Runner } from "../../kit/runner.ts";
import { connectAcrMetadata } from "../../registry/acr-metadata.ts";
import { connectRegistry } from "../../registry/connect-registry.ts";
import { copyImage } from "../../registry/copy-image.ts";
import type { RegistryCredentials } from "../../registry/credentials.ts";
import { readFrom } from "../../registry/image-source.ts";
import type { Registry } from "../../registry/registry.ts";
import { RegistryFault } from "../../registry/registry-fault.ts";
import { explaining, explainRegistryFault } from "../explain-registry-fault.ts";
import { type AccessOptions, connectRegistryAccess, type RegistryAccess } from "../registry-access.ts";
import { writeReport } from "../write-report.ts";
import type { spec } from "./spec.ts";
import type { SourceAccess, World } from "./world.ts";

/** The import's world on a runner: ARM, targets and sources, each with the identity that counts there. */
export function connect(
  runner: Runner,
  inputs: InputsOf<typeof spec>,
  httpClient?: AccessOptions["httpClient"],
): World {
  const startedAt = runner.monotonic();
  const left = (): number => startedAt + inputs.deadline - runner.monotonic();
  const access = connectRegistryAccess(runner, inputs, { left, httpClient });
  const imports = connectImports(access.arm);
  const armFacts = new Map<string, ArmFacts>();
  const note = <T extends ArmFacts | undefined>(facts: T): T => {
    if (facts !== undefined) armFacts.set(facts.loginServer, facts);
    return facts;
  };
  const explain =
    (host: string, need: Need, own: boolean) =>
    (error: unknown, repository: string): Promise<unknown> =>
      explainRegistryFault(error, {
        host,
        repository,
        need,
        facts: own ? armFacts.get(host) : undefined,
        principalId: async () => (own ? access.principalId() : undefined),
        isAbac: async () => (own ? (await access.login.refreshToken(host)).abac : undefined),
      });

  // Each host once: its tokens count for all that is asked of it.
  const sessions = oncePer((host) => access.session(host, access.login.credentials(host)));
  const ours = oncePer((host) => connectRegistry(sessions(host)));
  const others = new Map<string, Registry>();
  const openSource = (way: SourceAccess): Registry => {
    if (way.kind === "acr") return ours(way.host);
    const known = others.get(way.host) ?? connectRegistry(access.session(way.host, credentialsOf(way, access)));
    others.set(way.host, known);
    return known;
  };
  const toldBySource = (way: SourceAccess) =>
    explain(way.host, way.kind === "acr" ? "import" : "pull", way.kind === "acr");

  return {
    findRegistry: async (nameOrId) => note(await access.find(nameOrId)),
    requireRegistry: async (nameOrId) => note(await access.require(nameOrId)),
    isAzureHost: access.isAzureHost,
    openSource: (way) => explaining(openSource(way), toldBySource(way)),
    openTarget: (facts) => {
      const registry = ours(facts.loginServer);
      const told = explain(facts.loginServer, "import", true);
      return {
        facts,
        registry: explaining(registry, told),
        metadata: explaining(connectAcrMetadata(sessions(facts.loginServer), registry), told),
      };
    },
    imports: {
      start: (registryId, order) => imports.start(registryId, { ...order, source: renderSource(order.source) }),
      find: imports.find,
    },
    copyReferrers: async ({ access: way, from, digest, target, to }) => {
      const source = readFrom(openSource(way), from);
      try {
        await copyImage({ source, target: ours(target.loginServer), name: to, digest, referrers: true });
      } catch (error) {
        const atSource = error instanceof RegistryFault && error.facts.host === way.host;
        throw await (atSource ? toldBySource(way)(error, from) : explain(target.loginServer, "push", true)(error, to));
      }
    },
    now: runner.now,
    monotonic: runner.monotonic,
    sleep: runner.sleep,
    cancelled: runner.cancelled,
    log: runner.log,
    summarize: runner.summarize,
    writeReport: (json) => writeReport(json, { prefix: "mayfly-import-", maker: "acr-import" }, runner),
  };
}

function credentialsOf(
  way: Exclude<SourceAccess, { readonly kind: "acr" }>,
  access: RegistryAccess,
): RegistryCredentials {
  if (way.kind === "anonymous") return { kind: "anonymous" };
  if (way.username !== undefined) return { kind: "password", username: way.username, password: way.token };
  return access.credentialsOfToken(way.host, way.token);
}

function renderSource(way: SourceAccess): ImportSource {
  return way.kind === "acr" ? { kind: "acr", resourceId: way.facts.id } : way;
}
