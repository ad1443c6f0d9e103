import { KubeRefusal } from "./kube-refusal.ts";
import { segment } from "./object-path.ts";
import type { ProxyRequest } from "./pod-access.ts";

type Place = Pick<ProxyRequest, "resource" | "target" | "port" | "scheme">;

/** `/api/v1/namespaces/shop/services/https:web:443/proxy`: what stands before the application's own path. */
export function proxyBase({ resource, target: { namespace, name }, port, scheme }: Place): string {
  const parts = [...(scheme === "https" ? ["https"] : []), name, port];
  // A colon would make a scheme or a port of it.
  for (const part of parts) if (segment(part).includes("%3A")) throw refuse(`"${part}" is no name or port`);
  return `/api/v1/namespaces/${segment(namespace)}/${resource}/${parts.map(segment).join(":")}/proxy`;
}

/**
 * A path with its query, as it is carried: unchanged but for what no request line may hold.
 *
 * @throws KubeRefusal for one that would climb out of the place: on its way it is decoded once
 */
export function proxyPath(path: string): string {
  if (!path.startsWith("/")) throw refuse(`the path ${JSON.stringify(path)} does not begin with /`);
  const [own = ""] = path.split("?", 1);
  const decoded = own.replace(/%(2e|2f|5c)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (decoded.split(/[/\\]/).includes("..")) {
    throw refuse(`the path ${JSON.stringify(own)} leads out of the application with ".."`);
  }
  return path.toWellFormed().replace(/[^\x21-\x7e]|#/gu, encodeURIComponent);
}

function refuse(what: string): KubeRefusal {
  return new KubeRefusal(400, "BadRequest", `${what}: not asked through the API server`);
}
