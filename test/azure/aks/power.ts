import { propertiesOf } from "../arm/authorization.ts";
import type { TypeBehaviour } from "../arm/behaviour.ts";
import { begin, operationHeaders } from "../arm/operations.ts";
import type { ResourceDocument } from "../arm/store.ts";
import { emptyResponse } from "../wire.ts";
import type { AksSettings } from "./settings.ts";

type Power = "Running" | "Stopped";

/** `start` and `stop` of a cluster: long-running, and seen in `powerState` at their end. */
export function powerActions(settings: AksSettings): NonNullable<TypeBehaviour["actions"]> {
  const action =
    (power: Power, meanwhile: string): NonNullable<TypeBehaviour["actions"]>[string] =>
    (cluster, call) => {
      setProperties(cluster, { provisioningState: meanwhile });
      const ended = () => setPower(cluster, power);
      const operation = begin(call.world, cluster.key, "write", {
        seconds: settings.powerSeconds,
        error: undefined,
        ended,
      });
      return emptyResponse(202, operationHeaders(call, cluster, operation));
    };
  return { start: action("Running", "Starting"), stop: action("Stopped", "Stopping") };
}

/** Starts or stops a cluster at once. */
export function setPower(cluster: ResourceDocument, code: Power): void {
  setProperties(cluster, { powerState: { code }, provisioningState: "Succeeded" });
}

function setProperties(cluster: ResourceDocument, properties: object): void {
  cluster.body = { ...cluster.body, properties: { ...propertiesOf(cluster.body), ...properties } };
}
