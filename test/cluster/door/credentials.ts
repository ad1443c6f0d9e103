import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { type Attachment, chooseAttachment } from "./attachments.ts";

/** Who logs in to a registry with a refresh token, whoever it is. */
const TOKEN_USER = "00000000-0000-0000-0000-000000000000";

/**
 * Answers the kubelet as AKS' own plugin does: the registry exchanges the access token of the kubelet's identity for one of its
 * own, where that identity has a role there. Nothing is to be remembered, so that a role that is taken away counts at once.
 *
 * @param question is a CredentialProviderRequest
 * @see https://kubernetes.io/docs/reference/config-api/kubelet-credentialprovider.v1/
 */
export async function answerCredentials(all: readonly Attachment[], question: string) {
  const { apiVersion, image } = JSON.parse(question) as { readonly apiVersion: string; readonly image: string };
  const [registry = ""] = image.split("/");
  const attachment = chooseAttachment(all, registry);
  const { proxy, kubelet } = attachment ?? {};
  if (proxy === undefined) return refuse(`No emulator is attached for ${registry}`);
  if (kubelet === undefined)
    return refuse(`The emulator of ${registry} was attached without an identity of the kubelet`);
  const form = new URLSearchParams({
    grant_type: "access_token",
    service: registry,
    tenant: kubelet.tenantId,
    access_token: kubelet.accessToken,
  });
  const answered = await post(`https://${registry}/oauth2/exchange`, form, proxy);
  if (answered.status !== 200)
    return refuse(`${registry} refused the exchange with ${answered.status}: ${answered.body}`);
  const { refresh_token: password } = JSON.parse(answered.body) as { readonly refresh_token: string };
  const auth = { [registry]: { username: TOKEN_USER, password } };
  const body = { apiVersion, kind: "CredentialProviderResponse", cacheKeyType: "Registry", cacheDuration: "0s", auth };
  return { status: 200, body };
}

function refuse(error: string) {
  return { status: 403, body: { error } };
}

function post(url: string, form: URLSearchParams, { url: through, ca }: NonNullable<Attachment["proxy"]>) {
  const agent = new Agent({ proxyEnv: { HTTPS_PROXY: through }, ca });
  return new Promise<{ readonly status: number; readonly body: string }>((done, failed) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const asked = request(url, { method: "POST", agent, headers }, (response) => {
      text(response).then((body) => done({ status: response.statusCode ?? 0, body }), failed);
    });
    asked.on("error", failed);
    asked.end(form.toString());
  }).finally(() => agent.destroy());
}
