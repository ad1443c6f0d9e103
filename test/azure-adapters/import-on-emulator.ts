import { connect } from "../../src/actions/acr-import/connect.ts";
import { run } from "../../src/actions/acr-import/run.ts";
import { inputs } from "../actions/acr-import/inputs.ts";
import type { AcrRegistry, AddRegistryOptions } from "../azure/acr/acr.ts";
import { addRegistry } from "../azure/acr/add-registry.ts";
import { type RunnerStage, stageRunner } from "./runner-on-emulator.ts";

/** The one role that an import takes, on both sides. */
export const IMPORTER = "Container Registry Data Importer and Data Reader";

export interface Scene extends RunnerStage {
  readonly target: AcrRegistry;
  readonly source: AcrRegistry;
  importImages(given: Readonly<Record<string, string>>): ReturnType<typeof run>;
  /** What stands under a tag of the target. */
  standing(reference: string): Promise<string | undefined>;
  imports(): number;
}

interface SceneOptions extends Pick<AddRegistryOptions, "mode"> {
  /** Whether the identity may list the registries of the subscription. */
  readonly reader?: boolean;
}

/** Two registries of one tenant; the identity may import from one into the other. */
export function scene({ reader = true, ...given }: SceneOptions = {}): Scene {
  const stage = stageRunner();
  const { azure, team, runner } = stage;
  const { subscriptionId } = team;
  if (reader) team.assign("Reader", `/subscriptions/${subscriptionId}`);
  const target = addRegistry(azure, { name: "mayfly", subscriptionId, ...given });
  const source = addRegistry(azure, { name: "source", subscriptionId, ...given });
  for (const registry of [target, source]) team.assign(IMPORTER, registry);
  return {
    ...stage,
    target,
    source,
    importImages: (given) => {
      const ids = { "client-id": team.clientId, "tenant-id": team.tenantId, "subscription-id": subscriptionId };
      const settings = inputs({ ...ids, ...given });
      return run(settings, connect(runner, settings, azure.httpClient()));
    },
    standing: async (reference) => {
      const [name = "", tag = ""] = reference.split(":");
      return (await target.contents())[name]?.tags[tag];
    },
    imports: () => azure.traffic.find({ method: "POST", path: /\/importImage$/ }).length,
  };
}
