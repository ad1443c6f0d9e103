import { type Asked, read } from "../ask.ts";
import { type Azure, createAzure } from "../azure.ts";
import { addTeam, type Team, type TeamOptions } from "../team.ts";

export const AUDIENCE = "api://AzureADTokenExchange";
export const NOW = new Date("2026-11-21T09:17:00Z");

/** What a test changes of a good request to the token endpoint. */
export interface Post {
  readonly tenant?: string;
  readonly host?: string;
  readonly assertion?: string;
  /** Undefined leaves a field out. */
  readonly form?: Readonly<Record<string, string | undefined>>;
}

/** A team whose job may log in, and a way to ask for its token. */
export function setUp(options: TeamOptions = {}) {
  const azure = createAzure({ now: NOW, frozen: true });
  const team = addTeam(azure, options);
  return { azure, team, post: (post: Post = {}) => postToken(azure, team, post) };
}

/** Asks the token endpoint as a job of this team. */
export async function postToken(azure: Azure, { tenantId, clientId, job }: Team, post: Post): Promise<Asked> {
  const form = {
    client_id: clientId,
    scope: "https://management.azure.com/.default",
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: post.assertion ?? azure.github.idToken(job, AUDIENCE),
    ...post.form,
  };
  const body = new URLSearchParams(
    Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const url = `https://${post.host ?? "login.microsoftonline.com"}/${post.tenant ?? tenantId}/oauth2/v2.0/token?client-request-id=c0ffee`;
  return read(await azure.answer({ method: "POST", url, headers: {}, body: body.toString() }));
}
