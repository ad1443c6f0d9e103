import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { UserError } from "../kit/user-error.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { faultOf, requestIdOf } from "./arm-policies.ts";
import { ArmRefusal, explainRefusal } from "./arm-refusal.ts";

/**
 * A plain request to ARM, for services of which a few answers are wanted and a client of the SDK's would be megabytes.
 *
 * @throws ArmRefusal for an answer that says no; what the pipeline throws when none came
 */
export async function askArm(
  connection: Pick<ArmConnection, "send">,
  method: "GET" | "POST",
  pathOrUrl: string,
  body?: unknown,
): Promise<PipelineResponse> {
  const response = await connection.send(method, pathOrUrl, body);
  if (response.status < 400) return response;
  const path = pathOrUrl.replace(/\?.*$/s, "");
  const wait = response.headers.get("retry-after");
  throw new ArmRefusal(`${method} ${path}`, response.status, faultOf(response), requestIdOf(response), wait);
}

/** All items of a list, page by page. @throws as `askArm` */
export async function listAllOfArm(
  connection: Pick<ArmConnection, "send">,
  path: string,
): Promise<readonly ArmFields[]> {
  const items: ArmFields[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const page: ArmFields = readBody(await askArm(connection, "GET", next));
    if (Array.isArray(page["value"])) items.push(...page["value"].map(asFields));
    next = asText(page["nextLink"]);
  }
  return items;
}

/** What `work` comes to; its refusals are explained by a clause that says what was tried. @throws UserError */
export async function explained<T>(
  connection: Pick<ArmConnection, "cancelled">,
  clause: string,
  work: () => Promise<T>,
  explain: (refusal: ArmRefusal) => UserError | undefined = () => undefined,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ArmRefusal) throw explain(error) ?? explainRefusal(clause, error);
    if (error instanceof UserError || !connection.cancelled.aborted) throw explainRefusal(clause, error);
    throw new UserError("cancelled", `${clause}: the job was cancelled before ARM had answered.`, { cause: error });
  }
}

/** A JSON object, its fields not yet looked at. */
export type ArmFields = Readonly<Record<string, unknown>>;

/** The fields of an answer's body; none where it is no JSON object. */
export function readBody(response: PipelineResponse): ArmFields {
  try {
    return asFields(JSON.parse(response.bodyAsText ?? ""));
  } catch {
    return {};
  }
}

/** The fields of an object; none of anything else. */
export function asFields(value: unknown): ArmFields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Undefined for an empty text, too: ARM writes what is not there in both ways. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
