import type { CloudName } from "../clouds.ts";
import { checkCredential, type FederatedCredential } from "./federated-credentials.ts";

export interface Tenant {
  readonly id: string;
  readonly cloud: CloudName;
  /** A verified domain: the token endpoint takes it in place of the id. */
  readonly domain?: string;
  readonly name?: string;
}

export interface ApplicationOptions {
  readonly tenantId: string;
  readonly clientId: string;
  /** Of the service principal: what roles are assigned to. */
  readonly objectId: string;
  readonly name?: string;
  readonly federatedCredentials?: readonly FederatedCredential[];
  /** The first n exchanges fail with 700213, as in the minutes after a credential was made. */
  readonly propagationFailures?: number;
  /** Overrides the lifetime of its access tokens. */
  readonly tokenSeconds?: number;
}

export interface ManagedIdentityOptions extends ApplicationOptions {
  /** `xms_mirid` of its tokens. */
  readonly resourceId?: string;
}

/** A service principal of either kind, as it stands in the directory. */
export interface Principal {
  readonly kind: "application" | "managedIdentity";
  readonly tenantId: string;
  readonly clientId: string;
  readonly objectId: string;
  readonly name: string;
  readonly resourceId?: string;
  readonly tokenSeconds?: number;
  readonly federatedCredentials: FederatedCredential[];
  propagationFailures: number;
  /** Object ids of groups: their roles are its own, and tokens for API servers of AKS name them. */
  readonly groups: string[];
}

export interface Directory {
  addTenant(tenant: Omit<Tenant, "cloud"> & { readonly cloud?: CloudName }): Tenant;
  addApplication(options: ApplicationOptions): Principal;
  addManagedIdentity(options: ManagedIdentityOptions): Principal;
  /** @throws Error where Entra would refuse it: a second audience, a 21st credential, a used pair of issuer and subject. */
  addFederatedCredential(principal: Principal, credential: FederatedCredential): void;
  removePrincipal(objectId: string): void;
  tenant(idOrDomain: string): Tenant | undefined;
  principal(tenantId: string, clientId: string): Principal | undefined;
  principalByObject(objectId: string): Principal | undefined;
  managedIdentities(): readonly Principal[];
}

export function createDirectory(): Directory {
  const tenants: Tenant[] = [];
  const principals: Principal[] = [];
  const same = (a: string | undefined, b: string) => a?.toLowerCase() === b.toLowerCase();
  const add = (options: ManagedIdentityOptions, kind: Principal["kind"]) => {
    const { federatedCredentials = [], propagationFailures = 0, name = options.clientId, ...rest } = options;
    const principal: Principal = { ...rest, name, kind, federatedCredentials: [], propagationFailures, groups: [] };
    for (const credential of federatedCredentials) addFederatedCredential(principal, credential);
    principals.push(principal);
    return principal;
  };
  const addFederatedCredential = (principal: Principal, credential: FederatedCredential) => {
    checkCredential(credential, principal.federatedCredentials, principal.kind === "managedIdentity");
    principal.federatedCredentials.push(credential);
  };
  return {
    addTenant: ({ cloud = "public", ...rest }) => {
      const tenant = { cloud, ...rest };
      tenants.push(tenant);
      return tenant;
    },
    addApplication: (options) => add(options, "application"),
    addManagedIdentity: (options) => add(options, "managedIdentity"),
    addFederatedCredential,
    removePrincipal: (objectId) => {
      const at = principals.findIndex((principal) => same(principal.objectId, objectId));
      if (at >= 0) principals.splice(at, 1);
    },
    tenant: (idOrDomain) => tenants.find(({ id, domain }) => same(id, idOrDomain) || same(domain, idOrDomain)),
    principal: (tenantId, clientId) =>
      principals.find((principal) => same(principal.tenantId, tenantId) && same(principal.clientId, clientId)),
    principalByObject: (objectId) => principals.find((principal) => same(principal.objectId, objectId)),
    managedIdentities: () => principals.filter(({ kind }) => kind === "managedIdentity"),
  };
}
