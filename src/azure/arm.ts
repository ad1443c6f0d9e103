import { ResourceManagementClient } from "@azure/arm-resources";
import { type ArmConnection, type ArmOptions, connectArmConnection } from "./arm-connection.ts";

/** How the adapters of resource groups speak to ARM: the SDK's pipeline with our pace, our retries, and errors that keep their body. */
export interface Arm extends ArmConnection {
  /** The SDK's client for a subscription. Failed answers are thrown as `ArmRefusal`. */
  client(subscriptionId: string): Promise<ResourceManagementClient>;
}

/** Builds the client of ARM. No request is made yet. */
export function connectArm(options: ArmOptions): Arm {
  const connection = connectArmConnection(options);
  let latest: { readonly subscriptionId: string; readonly client: Promise<ResourceManagementClient> } | undefined;
  return {
    ...connection,
    client: (subscriptionId) => {
      // One subscription is worked on after the other: the last client is the one that is wanted again.
      if (latest?.subscriptionId !== subscriptionId) {
        const client = connection
          .clientOptions()
          .then((given) => new ResourceManagementClient(options.credential, subscriptionId, given));
        latest = { subscriptionId, client };
      }
      return latest.client;
    },
  };
}
