import { shellQuote } from "../../paste/quote.ts";
import type { RegistryFacts } from "./world.ts";

/** The command that shows what is locked about a tag or a manifest. */
export function renderLockLine(
  { name }: Pick<RegistryFacts, "name">,
  repository: string,
  kind: "tag" | "manifest",
  what: string,
): string {
  const image = kind === "tag" ? `${repository}:${what}` : `${repository}@${what}`;
  return `az acr repository show --name ${shellQuote(name)} --image ${shellQuote(image)} --query changeableAttributes`;
}
