import type { Azure } from "./azure.ts";
import type { Team } from "./team.ts";
import { asObject, type Json } from "./wire.ts";

export interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where the body is no object. */
  readonly json: Json;
  readonly text: string;
  /** `error.code` of an ARM answer. */
  readonly code: string | undefined;
  readonly message: string;
  /** `name` of each item of a list. */
  readonly names: readonly string[];
}

export type Ask = (method: string, path: string, body?: unknown) => Promise<Asked>;

/** Asks ARM as a team's identity, without an SDK. Paths without an api-version get one. */
export function asking(
  azure: Azure,
  { principal }: Pick<Team, "principal">,
  token = azure.entra.accessToken(principal),
): Ask {
  return async (method, path, body) => {
    const url = `https://management.azure.com${path}${path.includes("api-version") ? "" : `${path.includes("?") ? "&" : "?"}api-version=2025-04-01`}`;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    return read(
      await azure.answer({ method, url, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
    );
  };
}

export function read({ status, headers, body }: Awaited<ReturnType<Azure["answer"]>>): Asked {
  const text = body.toString();
  const json = parsed(text);
  const error = asObject(json["error"]);
  const items = Array.isArray(json["value"]) ? (json["value"] as readonly Json[]) : [];
  return {
    status,
    headers: headers as Record<string, string>,
    json,
    text,
    code: error === undefined ? undefined : `${error["code"]}`,
    message: `${error?.["message"]}`,
    names: items.map(({ name }) => `${name}`),
  };
}

function parsed(text: string): Json {
  try {
    return asObject(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}

/** The path and query of a link that ARM has answered with. */
export function pathOf(link: string | undefined): string {
  const { pathname, search } = new URL(link ?? "");
  return `${pathname}${search}`;
}
