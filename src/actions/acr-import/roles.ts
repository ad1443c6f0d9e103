import { shellQuote } from "../../paste/quote.ts";

/** The one built-in role that may start an import and read what it copies, wanted on the source and on the target. */
const ROLE = "Container Registry Data Importer and Data Reader";

/** The command that lets an identity import into or from a registry. */
export function renderRoleLine(clientId: string, registryId: string): string {
  return `az role assignment create --assignee ${shellQuote(clientId)} --role ${shellQuote(ROLE)} --scope ${shellQuote(registryId)}`;
}
