import { ROLES } from "../../image/registry-roles.ts";
import { shellQuote } from "../../paste/quote.ts";

/**
 * The commands that let an identity import into or from a registry: one role, wanted on both sides. With the client id,
 * which we have, and not with the object id, which somebody would have to look up.
 */
export function renderRoleLine(clientId: string, registryId: string): string {
  return ROLES.legacy.import
    .map(
      ({ id }) =>
        `az role assignment create --assignee ${shellQuote(clientId)} --role ${shellQuote(id)} --scope ${shellQuote(registryId)}`,
    )
    .join("\n");
}
