import { readFileSync } from "node:fs";
import type { Azure } from "../azure/azure.ts";
import type { Principal } from "../azure/entra/directory.ts";
import { signingKeyOf } from "../azure/jwt.ts";
import type { EmulatorProxy } from "../azure/proxy.ts";
import { connectApi } from "./ask-api.ts";
import { type Attachment, addAttachment } from "./door/attachments.ts";
import { AKS_SERVER, issuerOf, writeAuthenticationConfig } from "./door/authentication-config.ts";
import type { Layout } from "./layout.ts";
import { until } from "./node/daemon.ts";

/** An emulator of this process, as the cluster should see it. */
export interface Emulator {
  readonly azure: Azure;
  readonly proxy: Pick<EmulatorProxy, "url" | "caFile">;
  readonly tenantId: string;
  /**
   * The kubelet's identity, such as that of an emulated AKS cluster's `identityProfile`: what it may pull, its roles say. Without one the
   * node pulls as nobody.
   */
  readonly kubelet?: Principal;
  /** The registries that it answers for, as host names. Name them where another emulator may be attached at the same time. */
  readonly registries?: readonly string[];
}

export type Attach = (emulator: Emulator) => Promise<AsyncDisposable>;
export type Trust = (tenantId: string) => Promise<AsyncDisposable>;

/** As `TestCluster.attach` says. @throws Error when the API server does not take the emulator's tokens after a while */
export async function attach(layout: Layout, emulator: Emulator): Promise<AsyncDisposable> {
  const { azure, proxy, tenantId, kubelet, registries } = emulator;
  return add(layout, tenantId, {
    proxy: { url: proxy.url, ca: readFileSync(proxy.caFile, "utf8") },
    ...(registries === undefined ? {} : { registries }),
    ...(kubelet === undefined ? {} : { kubelet: { tenantId, accessToken: azure.entra.accessToken(kubelet) } }),
  });
}

/** As `TestCluster.trust` says. @throws Error when the API server does not take the emulator's tokens after a while */
export async function trust(layout: Layout, tenantId: string): Promise<AsyncDisposable> {
  return add(layout, tenantId, {});
}

async function add(
  layout: Layout,
  tenantId: string,
  options: Omit<Attachment, "owner" | "at" | "tenants">,
): Promise<AsyncDisposable> {
  const tenants = [{ id: tenantId, keys: signingKeyOf("entra").jwks.keys }];
  const added = await addAttachment(layout, { ...options, tenants });
  try {
    await writeAuthenticationConfig(layout, tenantId);
    await untilTrusted(layout, tenantId);
    return added;
  } catch (error) {
    await added[Symbol.asyncDispose]();
    throw error;
  }
}

/** The API server notices another tenant a moment after its file has changed, and another key at once. */
async function untilTrusted(layout: Layout, tenantId: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const nobody = "00000000-0000-4000-8000-000000000000";
  const times = { iat: now - 300, nbf: now - 300, exp: now + 600 };
  const token = signingKeyOf("entra").sign({ iss: issuerOf(tenantId), aud: AKS_SERVER, oid: nobody, ...times });
  const api = connectApi(layout);
  try {
    const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const options = { method: "POST", body: review, token };
    await until(`the API server took a token of tenant ${tenantId}`, [], async () => {
      const { status, text } = await api("/apis/authentication.k8s.io/v1/selfsubjectreviews", options);
      if (status === 201) return true;
      throw new Error(`it answered ${status}: ${text}`);
    });
  } finally {
    api.close();
  }
}
