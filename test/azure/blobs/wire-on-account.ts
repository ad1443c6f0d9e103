import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";
import type { AddAccountOptions } from "./accounts.ts";

export const HOST = "https://mayflystate.blob.core.windows.net";
export const ID = "1a06e456-61f6-987f-b4bb-f24f34caf356";
export const OTHER = "ffffffff-61f6-987f-b4bb-f24f34caf356";

/** An account with a container in a frozen Azure, and requests to it with the team's login. */
export function setUpAccount(account: Partial<AddAccountOptions> = {}, role = "Storage Blob Data Owner") {
  const azure = createAzure({ frozen: true, now: new Date("2026-11-21T09:00:00Z") });
  const team = addTeam(azure);
  const { subscriptionId } = team;
  const storage = azure.blobs.addAccount({ name: "mayflystate", subscriptionId, containers: ["tfstate"], ...account });
  if (role !== "") team.assign(role, storage);
  const token = (audience = "https://storage.azure.com", seconds?: number) =>
    azure.entra.accessToken(team.principal, audience, seconds);
  const raw = async (method: string, path: string, headers: Readonly<Record<string, string>>, body = "") => {
    const answer = await azure.answer({ method, url: `${HOST}${path}`, headers, body });
    const text = answer.body.toString();
    const code = /<Code>([^<]*)/.exec(text)?.[1] ?? answer.headers["x-ms-error-code"];
    return { status: answer.status, headers: answer.headers as Record<string, string>, text, code };
  };
  const ask: typeof raw = (method, path, headers, body) =>
    raw(method, path, { "x-ms-version": "2023-11-03", authorization: `Bearer ${token()}`, ...headers }, body);
  const put = (path: string, body = "", headers: Readonly<Record<string, string>> = {}) =>
    ask("PUT", path, { "x-ms-blob-type": "BlockBlob", ...headers }, body);
  const lease = (action: string, headers: Readonly<Record<string, string | number>> = {}, path = "/tfstate/a") => {
    const named = Object.entries(headers).map(([name, value]) => [`x-ms-${name}`, `${value}`]);
    return ask("PUT", `${path}?comp=lease`, { "x-ms-lease-action": action, ...Object.fromEntries(named) });
  };
  return { azure, team, storage, token, raw, ask, put, lease };
}
