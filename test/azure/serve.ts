import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { AddRegistryOptions } from "./acr/acr.ts";
import { createAzure } from "./azure.ts";
import { CONTROL_HOST } from "./control.ts";
import { addFleet, type FleetOptions } from "./fleet.ts";
import { startProxy } from "./proxy.ts";
import { addTeam, type TeamOptions } from "./team.ts";

/**
 * The emulator as a command. `--fleet` names a JSON file `{team?, groups?, expired?, odd?, seed?, settings?, registries?}`;
 * a registry there has what `addRegistry` takes, `teamRoles` for the team's identity, and `images` as tags by repository.
 * Prints one line of JSON when it is ready: the environment for children, the ids, the job. Runs until SIGTERM or SIGINT.
 */
const { values } = parseArgs({
  options: {
    fleet: { type: "string" },
    latency: { type: "string" },
    port: { type: "string" },
    address: { type: "string" },
  },
});

const file = values.fleet === undefined ? {} : (JSON.parse(await readFile(values.fleet, "utf8")) as FleetFile);
interface FleetFile extends Partial<FleetOptions> {
  readonly team?: TeamOptions;
  readonly settings?: Record<string, unknown>;
  readonly registries?: readonly (Omit<AddRegistryOptions, "subscriptionId"> & {
    readonly teamRoles?: readonly string[];
    readonly images?: Readonly<Record<string, readonly string[]>>;
  })[];
}

const { team: teamOptions, settings, registries = [], ...fleetOptions } = file;
const azure = createAzure();
Object.assign(azure.arm.settings, settings);
const team = addTeam(azure, teamOptions);
const { subscriptionId } = team;
const fleet = addFleet(azure, { groups: 0, expired: 0, subscriptionId, ...fleetOptions });
for (const { teamRoles = [], images = {}, ...options } of registries) {
  const registry = azure.acr.addRegistry({ subscriptionId, ...options });
  for (const role of teamRoles) team.assign(role, registry);
  for (const [repository, tags] of Object.entries(images)) await registry.seed(repository, tags);
}
const proxy = await startProxy(azure, {
  latencyMilliseconds: Number(values.latency ?? 0),
  port: Number(values.port ?? 0),
  ...(values.address === undefined ? {} : { address: values.address }),
});
const { tenantId, clientId, job } = team;
const ready = {
  url: proxy.url,
  control: `https://${CONTROL_HOST}`,
  env: proxy.env,
  metadataUrl: proxy.metadataUrl,
  tenantId,
  subscriptionId,
  clientId,
  job,
  registries: azure.acr.registries.map(({ id, loginServer }) => ({ id, loginServer })),
  /** For a real registry that checks the tokens itself. */
  registryKeys: azure.acr.jwks,
};
console.log(JSON.stringify({ ...ready, fleet: { ...fleet, odd: Object.fromEntries(fleet.odd) } }));

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void proxy[Symbol.asyncDispose]().then(() => process.exit(0)));
}
