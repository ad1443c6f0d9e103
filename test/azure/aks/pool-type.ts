import { propertiesOf } from "../arm/authorization.ts";
import type { TypeBehaviour } from "../arm/behaviour.ts";
import { ArmFailure } from "../arm/failure.ts";
import { asObject, type Json } from "../wire.ts";
import type { AksSettings } from "./settings.ts";

export const POOL = "Microsoft.ContainerService/managedClusters/agentPools";

const SPOT_LABEL = "kubernetes.azure.com/scalesetpriority";

/** Node pools; what the cluster says of them is read from these documents. */
export function poolBehaviour(settings: AksSettings): TypeBehaviour {
  return {
    type: POOL,
    prepare: ({ id, body, previous, world }) => {
      if (!/^[a-z][a-z0-9]{0,11}$/.test(id.name)) {
        throw new ArmFailure(
          400,
          "InvalidParameter",
          `The value of parameter agentPoolProfile.name is invalid: '${id.name}'. A pool's name has 1 to 12 lower-case letters and digits and begins with a letter.`,
        );
      }
      const cluster = id.parent === undefined ? undefined : world.store.find(id.parent);
      const properties = propertiesOf(cluster?.body);
      return { properties: poolProperties(propertiesOf(body), propertiesOf(previous), properties, settings) };
    },
    removable: ({ key, parent = "", body }, { store }) => {
      if (propertiesOf(body)["mode"] !== "System") return;
      const others = store.list(POOL, parent).filter((other) => other.key !== key);
      if (others.some((other) => propertiesOf(other.body)["mode"] === "System")) return;
      throw new ArmFailure(400, "OperationNotAllowed", "There has to be at least one system pool.");
    },
  };
}

/** A pool as AKS shows it. @throws ArmFailure for sizes that contradict each other */
export function poolProperties(given: Json, previous: Json, cluster: Json, { versions }: AksSettings): Json {
  const { minCount, maxCount, enableAutoScaling } = given;
  if (enableAutoScaling === true && Number(minCount) > Number(maxCount)) {
    throw new ArmFailure(400, "InvalidParameter", `minCount ${minCount} is larger than maxCount ${maxCount}.`);
  }
  const spot = given["scaleSetPriority"] === "Spot";
  const version = given["orchestratorVersion"] ?? previous["orchestratorVersion"] ?? cluster["kubernetesVersion"];
  return {
    count: minCount ?? 1,
    osDiskSizeGB: 128,
    osDiskType: "Managed",
    kubeletDiskType: "OS",
    maxPods: asObject(cluster["networkProfile"])?.["networkPluginMode"] === "overlay" ? 250 : 110,
    type: "VirtualMachineScaleSets",
    enableNodePublicIP: false,
    mode: "User",
    osType: "Linux",
    osSKU: "Ubuntu",
    enableFIPS: false,
    ...(spot ? { spotMaxPrice: -1, scaleSetEvictionPolicy: "Delete" } : {}),
    ...given,
    ...(spot ? spotMarks(given) : { upgradeSettings: { maxSurge: "10%", ...asObject(given["upgradeSettings"]) } }),
    orchestratorVersion: version,
    currentOrchestratorVersion: versions.find((each) => each === version || each.startsWith(`${version}.`)) ?? version,
    nodeImageVersion: "AKSUbuntu-2404gen2containerd-202611.01.0",
    powerState: { code: "Running" },
    provisioningState: "Succeeded",
  };
}

/** AKS marks Spot nodes, so that nothing lands on them unasked: configurations must say the same. */
function spotMarks(given: Json): Json {
  const taint = `${SPOT_LABEL}=spot:NoSchedule`;
  const taints = (Array.isArray(given["nodeTaints"]) ? given["nodeTaints"] : []) as readonly string[];
  return {
    nodeLabels: { ...asObject(given["nodeLabels"]), [SPOT_LABEL]: "spot" },
    nodeTaints: taints.includes(taint) ? taints : [...taints, taint],
  };
}
