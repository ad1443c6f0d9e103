import { randomUUID } from "node:crypto";
import type { FederatedCredential } from "../entra/federated-credentials.ts";
import { asText } from "../wire.ts";
import { propertiesOf } from "./authorization.ts";
import type { TypeBehaviour } from "./behaviour.ts";
import { ArmFailure } from "./failure.ts";
import type { ArmWorld } from "./world.ts";

/** A user-assigned identity made through ARM is a principal in Entra: what terraform makes, a job can log in with. */
export const identityBehaviour: TypeBehaviour = {
  type: "Microsoft.ManagedIdentity/userAssignedIdentities",
  seconds: 0,
  prepare: ({ id, body, previous, world }) => {
    const known = propertiesOf(previous);
    const tenantId = asText(world.store.find(`/subscriptions/${id.subscriptionId}`)?.body["tenantId"]) ?? "";
    const clientId = asText(known["clientId"]) ?? randomUUID();
    const principalId = asText(known["principalId"]) ?? randomUUID();
    return { ...body, properties: { ...propertiesOf(body), tenantId, clientId, principalId } };
  },
  stored: ({ id, name, body }, { directory }) => {
    const [tenantId, clientId, objectId] = ["tenantId", "clientId", "principalId"].map(
      (key) => `${propertiesOf(body)[key]}`,
    );
    if (tenantId === undefined || clientId === undefined || objectId === undefined) return;
    if (directory.principalByObject(objectId) !== undefined) return;
    directory.addManagedIdentity({ tenantId, clientId, objectId, name, resourceId: id });
  },
  removed: ({ body }, { directory }) => directory.removePrincipal(`${propertiesOf(body)["principalId"]}`),
};

export const federatedCredentialBehaviour: TypeBehaviour = {
  type: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
  seconds: 0,
  prepare: ({ id, body, previous, world }) => {
    const { issuer, subject, audiences } = propertiesOf(body);
    const [audience, ...more] = Array.isArray(audiences) ? audiences : [];
    if (more.length > 0 || typeof audience !== "string") {
      throw new ArmFailure(400, "BadRequest", "Exactly one audience is allowed in a federated identity credential.");
    }
    const credential = { name: id.name, issuer: `${issuer}`, subject: `${subject}`, audience };
    const owner = principalOf(world, id.parent);
    if (previous !== undefined) forget(owner?.federatedCredentials, id.name);
    try {
      if (owner !== undefined) world.directory.addFederatedCredential(owner, credential);
    } catch (cause) {
      throw new ArmFailure(
        409,
        "FederatedIdentityCredentialInvalid",
        cause instanceof Error ? cause.message : `${cause}`,
      );
    }
    return { properties: { issuer, subject, audiences } };
  },
  removed: ({ name, parent }, world) => forget(principalOf(world, parent)?.federatedCredentials, name),
};

function principalOf({ store, directory }: ArmWorld, identity: string | undefined) {
  const document = identity === undefined ? undefined : store.find(identity);
  return directory.principalByObject(`${propertiesOf(document?.body)["principalId"]}`);
}

function forget(credentials: FederatedCredential[] | undefined, name: string): void {
  const at = credentials?.findIndex((credential) => credential.name === name) ?? -1;
  if (at >= 0) credentials?.splice(at, 1);
}
