import type { Json } from "./field-paths.ts";
import type { Target } from "./request-path.ts";

/** What somebody wants to do, as SelfSubjectAccessReview says it. */
export interface Attempt {
  readonly user: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** False, or why not. */
export type Rule = (attempt: Attempt) => boolean | string;

/** In the API server's words. */
export function renderForbidden(
  { user, verb, group, resource, subresource, namespace, name }: Attempt,
  why: boolean | string,
): string {
  const what = `${resource}${group === "" ? "" : `.${group}`}${name === "" ? "" : ` "${name}"`}`;
  const plural = subresource === "" ? resource : `${resource}/${subresource}`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const reason = typeof why === "string" ? `: ${why}` : "";
  return `${what} is forbidden: User "${user}" cannot ${verb} resource "${plural}" in API group "${group}" ${where}${reason}`;
}

const VERBS: Readonly<Record<string, string>> = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };

/** What a request wants to do. */
export function attemptOf(
  { method, user }: { readonly method: string; readonly user: string },
  { kind, namespace = "", name = "", subresource = "" }: Target,
  watching: boolean,
): Attempt {
  const read = watching ? "watch" : name === "" ? "list" : "get";
  const verb =
    method === "GET" ? read : name === "" && method === "DELETE" ? "deletecollection" : (VERBS[method] ?? method);
  return { user, verb, group: kind.group, resource: kind.resource, subresource, namespace, name };
}

/** The answer to a SelfSubjectAccessReview. */
export function review(body: Json, user: string, may: Rule): unknown {
  const { resourceAttributes = {} } = (body["spec"] ?? {}) as {
    readonly resourceAttributes?: Readonly<Record<string, string>>;
  };
  const { verb = "", group = "", resource = "", subresource = "", namespace = "", name = "" } = resourceAttributes;
  const answer = may({ user, verb, group, resource, subresource, namespace, name });
  return { ...body, status: { allowed: answer === true, ...(typeof answer === "string" ? { reason: answer } : {}) } };
}
