import type { ArmConnection } from "./arm-connection.ts";
import { ArmRefusal } from "./arm-refusal.ts";
import { type ArmFields, asFields, askArm, asText, explained, listAllOfArm, readBody } from "./ask-arm.ts";

/** Whose tokens Entra takes for an identity. */
export interface FederatedSubject {
  readonly name: string;
  /** Compared letter by letter, the slash at the end included. */
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** The federated credentials of a user-assigned identity, or why they cannot be known. */
export type FederatedSubjects =
  | { readonly kind: "found"; readonly identityId: string; readonly subjects: readonly FederatedSubject[] }
  | { readonly kind: "unknown"; readonly because: string };

export interface IdentityQuestion {
  /** A client id, or the resource id of a user-assigned identity. */
  readonly identity: string;
  /** Where an identity with that client id is looked for. */
  readonly subscriptionId: string;
}

const API = "api-version=2023-01-31";
const TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";

/**
 * Whose tokens an identity takes. App registrations have theirs in Microsoft Graph, which is not asked: they are
 * `unknown`, as is what the job's identity may not read.
 *
 * @throws UserError when ARM cannot be asked
 */
export async function listFederatedSubjects(
  connection: ArmConnection,
  question: IdentityQuestion,
): Promise<FederatedSubjects> {
  const clause = `Cannot read the federated credentials of the identity ${question.identity}`;
  return explained(connection, clause, async () => {
    try {
      const identityId = question.identity.startsWith("/")
        ? question.identity
        : await findIdentity(connection, question);
      if (identityId === undefined) return { kind: "unknown", because: sayNotSeen(question) };
      const list = await listAllOfArm(connection, `${identityId}/federatedIdentityCredentials?${API}`);
      return { kind: "found", identityId, subjects: list.map(readSubject) };
    } catch (error) {
      if (!(error instanceof ArmRefusal) || (error.status !== 403 && error.status !== 404)) throw error;
      const because = `ARM shows them not to the job's identity (${error.status} ${error.fault.code})`;
      return { kind: "unknown", because };
    }
  });
}

/** The resource id of the identity with this client id; undefined where ARM shows none. */
async function findIdentity(
  connection: ArmConnection,
  { identity, subscriptionId }: IdentityQuestion,
): Promise<string | undefined> {
  const found = (await listIdentities(connection, encodeURIComponent(subscriptionId))).find(
    ({ properties }) => asText(asFields(properties)["clientId"])?.toLowerCase() === identity.toLowerCase(),
  );
  return asText(found?.["id"]);
}

async function listIdentities(connection: ArmConnection, subscription: string): Promise<readonly ArmFields[]> {
  try {
    return await listAllOfArm(connection, `/subscriptions/${subscription}/providers/${TYPE}?${API}`);
  } catch (error) {
    if (!(error instanceof ArmRefusal) || error.status !== 403) throw error;
    // That list is for who may read the whole subscription. Of the next one ARM shows everybody his part.
    const filter = encodeURIComponent(`resourceType eq '${TYPE}'`);
    const path = `/subscriptions/${subscription}/resources?api-version=2021-04-01&$filter=${filter}`;
    const ids = (await listAllOfArm(connection, path)).flatMap(({ id }) => asText(id) ?? []);
    return Promise.all(
      ids.slice(0, MOST_VISIBLE).map(async (id) => readBody(await askArm(connection, "GET", `${id}?${API}`))),
    );
  }
}

/** More are not read one by one: who sees so many may read the list. */
const MOST_VISIBLE = 50;

function readSubject({ name, properties }: ArmFields): FederatedSubject {
  const { issuer, subject, audiences } = asFields(properties);
  return {
    name: asText(name) ?? "",
    issuer: asText(issuer) ?? "",
    subject: asText(subject) ?? "",
    audiences: Array.isArray(audiences) ? audiences.filter((each) => typeof each === "string") : [],
  };
}

function sayNotSeen({ identity, subscriptionId }: IdentityQuestion): string {
  return `no managed identity with the client id ${identity} is to be seen in subscription ${subscriptionId}: it may be an app registration, in another subscription, or hidden from the job's identity`;
}
