import { type Asked, read } from "../ask.ts";
import { type Azure, createAzure } from "../azure.ts";
import { addTeam, type Team } from "../team.ts";
import type { AcrRegistry, AddRegistryOptions } from "./acr.ts";
import { addRegistry } from "./add-registry.ts";
import { digestOf, OCI_MANIFEST } from "./oci.ts";

export const NOW = new Date("2026-11-21T09:17:00Z");
export const AUDIENCE = "https://containerregistry.azure.net";

export interface Question {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Bearer token of the request. */
  readonly token?: string;
}

/** A team with a registry, on a clock that stands still, and short ways to ask the registry. */
export interface RegistryScene {
  readonly azure: Azure;
  readonly team: Team;
  readonly registry: AcrRegistry;
  ask(method: string, path: string, question?: Question): Promise<Asked>;
  /** POST /oauth2/exchange. */
  exchange(form?: Readonly<Record<string, string | undefined>>): Promise<Asked>;
  /** POST /oauth2/token with the refresh token of an exchange. */
  token(...scopes: readonly string[]): Promise<string>;
}

/** `roles` are the team's on the registry. */
export function setUp(
  options: Partial<AddRegistryOptions> & { readonly teamRoles?: readonly string[] } = {},
): RegistryScene {
  const azure = createAzure({ now: NOW, frozen: true });
  const team = addTeam(azure);
  const { teamRoles = ["AcrPush"], ...given } = options;
  const registry = addRegistry(azure, { name: "mayfly", subscriptionId: team.subscriptionId, ...given });
  for (const role of teamRoles) team.assign(role, registry);
  const ask: RegistryScene["ask"] = async (method, path, { headers = {}, body, token } = {}) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const url = path.startsWith("https:") ? path : `https://${registry.loginServer}${path}`;
    const request = { method, url, headers: { ...headers, ...authorization } };
    return read(await azure.answer(body === undefined ? request : { ...request, body }));
  };
  const exchange: RegistryScene["exchange"] = (form = {}) => {
    const fields = {
      grant_type: "access_token",
      service: registry.loginServer,
      tenant: team.tenantId,
      access_token: azure.entra.accessToken(team.principal, AUDIENCE),
      ...form,
    };
    return ask("POST", "/oauth2/exchange", { body: formOf(fields) });
  };
  return {
    azure,
    team,
    registry,
    ask,
    exchange,
    token: async (...scopes) => {
      const { json } = await exchange();
      const body = formOf({
        grant_type: "refresh_token",
        service: registry.loginServer,
        scope: scopes.join(" "),
        refresh_token: `${json["refresh_token"]}`,
      });
      const answer = await ask("POST", "/oauth2/token", { body });
      return `${answer.json["access_token"]}`;
    },
  };
}

/** Fields as a form; undefined leaves one out. */
export function formOf(fields: Readonly<Record<string, string | undefined>>): string {
  return `${new URLSearchParams(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined))}`;
}

/** A manifest of one config and the layers that are given, with the blobs that it needs. */
export function imageOf(...layers: readonly string[]) {
  const config = JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } });
  const described = (text: string, mediaType: string) => ({ mediaType, digest: digestOf(text), size: text.length });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: described(config, "application/vnd.oci.image.config.v1+json"),
    layers: layers.map((layer) => described(layer, "application/vnd.oci.image.layer.v1.tar")),
  });
  return { manifest, digest: digestOf(manifest), blobs: [config, ...layers] };
}

/** Pushes an image as a client does: each blob as a whole, then the manifest under a tag. Returns its digest. */
export async function push(
  { ask }: RegistryScene,
  name: string,
  tag: string,
  token: string,
  ...layers: readonly string[]
): Promise<string> {
  const { manifest, digest, blobs } = imageOf(...(layers.length === 0 ? [name] : layers));
  for (const blob of blobs) {
    const begun = await ask("POST", `/v2/${name}/blobs/uploads/`, { token });
    await ask("PUT", `${begun.headers["location"]}&digest=${digestOf(blob)}`, { token, body: blob });
  }
  const headers = { "content-type": OCI_MANIFEST };
  const put = await ask("PUT", `/v2/${name}/manifests/${tag}`, { token, headers, body: manifest });
  if (put.status !== 201) throw new Error(`${put.status} ${put.text}`);
  return digest;
}
