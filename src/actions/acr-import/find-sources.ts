import { codeOf } from "../../kit/error-chain.ts";
import { UserError } from "../../kit/user-error.ts";
import type { ImageLine } from "./parse-images.ts";
import type { RegistryFacts, SourceAccess, World } from "./world.ts";

export interface SourceInputs {
  readonly sourceRegistries: readonly string[];
  readonly sourceUsername: string | undefined;
  readonly sourceToken: string | undefined;
}

/** How a host is reached, or why that cannot be told. */
export type FoundSource =
  | { readonly kind: "found"; readonly access: SourceAccess }
  | { readonly kind: "lost"; readonly error: unknown };

/**
 * How each source registry is reached, by its host.
 *
 * Registries of our own tenant are asked for by their resource id, which works without public access and without any
 * credential. A credential that was given goes to one host only: nobody sends it to the others by mistake.
 *
 * @throws UserError `bad-input` when a credential could be meant for several hosts, `registry-not-found` for a resource
 * id that leads nowhere.
 */
export async function findSources(
  images: readonly ImageLine[],
  inputs: SourceInputs,
  world: Pick<World, "findRegistry" | "requireRegistry" | "isAzureHost">,
): Promise<ReadonlyMap<string, FoundSource>> {
  const hosts = [...new Set(images.map(({ from }) => from.host))];
  const known = new Map<string, RegistryFacts>();
  for (const id of inputs.sourceRegistries) {
    const facts = await world.requireRegistry(id);
    known.set(facts.loginServer.toLowerCase(), facts);
  }
  const others = hosts.filter((host) => !known.has(host));
  const { sourceToken: token, sourceUsername: username } = inputs;
  if (token !== undefined && others.length !== 1) {
    const found = others.length === 0 ? "none" : others.join(", ");
    throw new UserError("bad-input", `source-token: expected images of one registry that wants it, got ${found}`);
  }
  const [other = ""] = others;
  if (token !== undefined && username === undefined && !world.isAzureHost(other)) {
    const text = `source-username: expected the user that goes with source-token at ${other}, got nothing. Only registries of Azure take a token alone`;
    throw new UserError("bad-input", text);
  }
  const access = async (host: string): Promise<SourceAccess> => {
    const facts = known.get(host);
    if (facts !== undefined) return { kind: "acr", host, facts };
    if (token !== undefined) return { kind: "credentials", host, username, token };
    const found = world.isAzureHost(host) ? await lookFor(host, world) : undefined;
    return found === undefined ? { kind: "anonymous", host } : { kind: "acr", host, facts: found };
  };
  const find = async (host: string): Promise<FoundSource> =>
    access(host).then(
      (way) => ({ kind: "found", access: way }),
      (error: unknown) => ({ kind: "lost", error }),
    );
  return new Map(await Promise.all(hosts.map(async (host) => [host, await find(host)] as const)));
}

async function lookFor(host: string, world: Pick<World, "findRegistry">): Promise<RegistryFacts | undefined> {
  try {
    return await world.findRegistry(host);
  } catch (cause) {
    const text = `Cannot look for ${host} among the registries of the subscription. Name it by its resource id, which needs no such look: source-registries: $(az acr show --name ${host.split(".")[0]} --query id)`;
    throw new UserError(codeOf(cause), text, { cause });
  }
}
