import { run } from "../../../src/actions/aks-set-context/run.ts";
import { spec } from "../../../src/actions/aks-set-context/spec.ts";
import type { Entry, Reply, World } from "../../../src/actions/aks-set-context/world.ts";
import type { ClusterFacts } from "../../../src/azure/managed-clusters.ts";
import type { InputsOf, Result } from "../../../src/kit/define-action.ts";
import { inputVariable, readInputs } from "../../../src/kit/read-inputs.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { recordLog } from "../recording-log.ts";

export const NOW = new Date("2026-11-21T09:17:00Z");
export const SUBSCRIPTION = "5ab00000-0000-4000-8000-000000000001";
export const OBJECT_ID = "0b1ec700-0000-4000-8000-000000000001";
export const ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.ContainerService/managedClusters/shop`;
export const SERVER = "https://shop-0a1b2c3d.hcp.westeurope.azmk8s.io:443";
export const CA = "-----BEGIN CERTIFICATE-----\nQ0E=\n-----END CERTIFICATE-----\n";
export const TOKEN = `e30.${Buffer.from(JSON.stringify({ oid: OBJECT_ID })).toString("base64url")}.c2ln`;

export const facts: ClusterFacts = {
  subscriptionId: SUBSCRIPTION,
  resourceGroup: "shared",
  name: "shop",
  id: ID,
  location: "westeurope",
  provisioningState: "Succeeded",
  stopped: false,
  version: "1.36.1",
  private: false,
  fqdn: "shop-0a1b2c3d.hcp.westeurope.azmk8s.io",
  privateFqdn: undefined,
  authorizedRanges: [],
  runCommandDisabled: false,
  auth: "aad-azure-rbac",
  localAccountsDisabled: true,
  oidcIssuer: "https://westeurope.oic.prod-aks.azure.com/t/g/",
  workloadIdentity: true,
  keda: true,
  kubelet: { objectId: "kubelet-object", clientId: "kubelet-client" },
  nodeResourceGroup: "MC_shared_shop_westeurope",
};

export const answered: Reply = {
  kind: "answered",
  version: "v1.36.3",
  user: { name: OBJECT_ID, groups: ["system:authenticated"] },
  access: { allowed: true, reason: "" },
};
export const silent: Reply = { kind: "silent", because: "no answer in time (ETIMEDOUT)" };

export interface Stage {
  readonly world: World;
  readonly lines: string[];
  readonly warnings: string[];
  readonly masked: string[];
  readonly summaries: string[];
  readonly exported: Record<string, string>;
  /** Kubeconfigs by path. */
  readonly files: Map<string, string>;
  /** What was done, in order. */
  readonly done: string[];
  /** Of each login: aborted once nobody waits for it. */
  readonly logins: AbortSignal[];
  /** What the API server was asked with. */
  readonly entries: Entry[];
  cancel(): void;
  /** Milliseconds that were waited. */
  waited(): number;
}

export interface Scene {
  readonly facts?: Partial<ClusterFacts>;
  /** One after the other; the last one stays. */
  readonly replies?: readonly Reply[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly egress?: string;
  /** Of the user or the administrator. */
  readonly kubeconfig?: string;
  readonly command?: { readonly exitCode: number; readonly output: string } | UserError;
  /** ARM's refusals before it hands out the entrance. */
  readonly refusals?: readonly UserError[];
  readonly login?: UserError;
}

export function makeStage(scene: Scene = {}): Stage {
  let clock = 0;
  const abort = new AbortController();
  const replies = [...(scene.replies ?? [answered])];
  const refusals = [...(scene.refusals ?? [])];
  const place = { ...facts, ...scene.facts };
  const stage: Omit<Stage, "world"> = {
    lines: [],
    warnings: [],
    masked: [],
    summaries: [],
    exported: {},
    files: new Map(),
    done: [],
    logins: [],
    entries: [],
    cancel: () => abort.abort(),
    waited: () => clock,
  };
  const refuse = (): void => {
    const refusal = refusals.shift();
    if (refusal !== undefined) throw refusal;
  };
  const handOut = (name: string) => async () => {
    stage.done.push(name);
    refuse();
    return scene.kubeconfig ?? "";
  };
  const world: World = {
    log: recordLog(() => stage),
    environment: scene.environment ?? {},
    cancelled: abort.signal,
    now: () => new Date(NOW.getTime() + clock),
    monotonic: () => clock,
    sleep: async (milliseconds) => {
      if (!abort.signal.aborted) clock += milliseconds;
    },
    mask: (secret) => void stage.masked.push(secret),
    login: {
      tenantId: "tenant",
      clientId: "client",
      authorityHost: "https://login.microsoftonline.com",
      cloud: "public",
      audience: "api://AzureADTokenExchange",
      usualAudience: "api://AzureADTokenExchange",
      scope: "6dae42f8-4368-4678-94ff-3960e28e3630/.default",
    },
    clusters: {
      require: async () => place,
      readEntrance: async () => {
        stage.done.push("entrance");
        refuse();
        return { server: SERVER, certificateAuthority: CA };
      },
      readUserKubeconfig: handOut("user"),
      readAdminKubeconfig: handOut("admin"),
      runCommand: async (_, { command }) => {
        stage.done.push(`command: ${command}`);
        const outcome = scene.command ?? { exitCode: 0, output: '{"gitVersion": "v1.36.2"}\n{"username": "pod-user"}' };
        if (outcome instanceof UserError) throw outcome;
        return { ...outcome, cut: false };
      },
    },
    makeFolder: async () => ({
      command: "/node",
      script: "/temp/mayfly-aks-1/plugin.cjs",
      writeKubeconfig: async (text) => {
        stage.files.set("/temp/mayfly-aks-1/kubeconfig", text);
        return "/temp/mayfly-aks-1/kubeconfig";
      },
    }),
    logIn: async (_, over) => {
      stage.logins.push(over);
      stage.done.push("login");
      if (scene.login !== undefined) throw scene.login;
      return { token: TOKEN, expiresAt: new Date("2026-11-21T10:16:30Z") };
    },
    ask: async (entry) => {
      stage.entries.push(entry);
      stage.done.push("ask");
      return (replies.length > 1 ? replies.shift() : replies[0]) ?? answered;
    },
    findEgressAddress: async () => scene.egress,
    exportVariable: (name, value) => {
      stage.exported[name] = value;
    },
    summarize: async (markdown) => void stage.summaries.push(markdown),
  };
  return Object.assign(stage, { world });
}

/** The inputs of a step, read as the runner's would be. */
export function makeInputs(given: Readonly<Record<string, string>> = {}): InputsOf<typeof spec> {
  const ids = {
    "client-id": "c11e0000-0000-4000-8000-000000000001",
    "tenant-id": "72f988bf-0000-4000-8000-2d7cd011db47",
    "subscription-id": SUBSCRIPTION,
  };
  const all = { ...ids, cluster: "shop", "resource-group": "shared", ...given };
  const environment = Object.fromEntries(Object.entries(all).map(([name, value]) => [inputVariable(name), value]));
  return readInputs(spec, environment, () => undefined);
}

export async function play(
  scene: Scene = {},
  given: Readonly<Record<string, string>> = {},
): Promise<Stage & { readonly result: Result<typeof spec> }> {
  const stage = makeStage(scene);
  return { ...stage, result: await run(makeInputs(given), stage.world) };
}
