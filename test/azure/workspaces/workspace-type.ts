import { createHash, randomUUID } from "node:crypto";
import type { Arm } from "../arm/arm.ts";
import { propertiesOf } from "../arm/authorization.ts";
import { asObject, asText, jsonResponse } from "../wire.ts";

const WORKSPACE = "Microsoft.OperationalInsights/workspaces";

/** Log Analytics workspaces: what terraform reads of them. They take no logs, and what is deleted is gone. */
export function defineWorkspaces(arm: Arm): void {
  arm.define({
    type: WORKSPACE,
    prepare: ({ body, previous, world }) => {
      const given = propertiesOf(body);
      const before = propertiesOf(previous);
      const now = world.clock.now().toISOString();
      const features = { legacy: 0, searchVersion: 1, enableLogAccessUsingOnlyResourcePermissions: true };
      return {
        ...body,
        properties: {
          retentionInDays: 30,
          publicNetworkAccessForIngestion: "Enabled",
          publicNetworkAccessForQuery: "Enabled",
          workspaceCapping: { dailyQuotaGb: -1 },
          ...given,
          sku: { name: "PerGB2018", ...asObject(given["sku"]) },
          features: { ...features, ...asObject(given["features"]) },
          customerId: asText(before["customerId"]) ?? randomUUID(),
          createdDate: asText(before["createdDate"]) ?? now,
          modifiedDate: now,
          provisioningState: "Succeeded",
        },
      };
    },
    actions: {
      sharedkeys: ({ key }) => {
        const [primarySharedKey, secondarySharedKey] = ["primary", "secondary"].map((which) =>
          createHash("sha512").update(`${key}/${which}`).digest("base64"),
        );
        return jsonResponse(200, { primarySharedKey, secondarySharedKey });
      },
    },
  });
  arm.addRoute(({ path, method, caller, world }) => {
    const scope =
      /^(\/subscriptions\/[^/]+(?:\/resourcegroups\/[^/]+)?)\/providers\/Microsoft\.OperationalInsights\/deletedWorkspaces$/i.exec(
        path,
      )?.[1];
    if (method !== "GET" || scope === undefined) return undefined;
    world.authorization.require(caller, ["Microsoft.OperationalInsights/deletedWorkspaces/read"], scope);
    return jsonResponse(200, { value: [] });
  });
}
