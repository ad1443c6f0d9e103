import { type Asking, askJson } from "./ask.ts";
import { KubeRefusal } from "./kube-refusal.ts";
import { segment } from "./object-path.ts";
import type { PodRef } from "./pod-access.ts";

/** The least that the API server grants; it is used at once. */
const EXPIRES_IN_SECONDS = 600;

/**
 * A token of a service account, for one audience. It is masked before it is returned.
 *
 * @throws KubeRefusal where there is no such account, or the right to `create` on `serviceaccounts/token` is missing
 */
export async function createToken(asking: Asking, { namespace, name }: PodRef, audience: string): Promise<string> {
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { audiences: [audience], expirationSeconds: EXPIRES_IN_SECONDS },
  };
  const { status } = await askJson(asking, {
    method: "POST",
    path: `/api/v1/namespaces/${segment(namespace)}/serviceaccounts/${segment(name)}/token`,
    body: JSON.stringify(request),
    // It keeps nothing of it: another one does no harm.
    looks: true,
  });
  const { token } = (status ?? {}) as { readonly token?: unknown };
  if (typeof token !== "string" || token === "") {
    throw new KubeRefusal(502, "", `the answer to a TokenRequest for "${namespace}/${name}" holds no token`);
  }
  asking.mask(token);
  return token;
}
