import { UserError } from "../kit/user-error.ts";
import { describeConnectionFault } from "../oidc/connection-fault.ts";
import { isBusyStatus } from "../oidc/refusal.ts";
import { shellQuote } from "../paste/quote.ts";

/** What was asked for when storage refused: named in the commands that mend it. */
export interface StoragePlace {
  readonly account: string;
  readonly container: string;
  readonly host: string;
  readonly clientId?: string | undefined;
}

interface Meaning {
  readonly code: string;
  readonly do: (place: StoragePlace) => string;
}

/** By storage's own word: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  AuthorizationPermissionMismatch: {
    code: "storage-forbidden",
    do: (place) =>
      `give the identity the role Storage Blob Data Contributor on the container; Owner and Contributor do not include it, and it takes up to ten minutes to count:\n  ${renderRoleLine(place)}`,
  },
  AuthorizationFailure: {
    code: "storage-firewall",
    do: ({ account }) =>
      `let the runner's address through the account's firewall, or run the job on a runner in its network. What the firewall says: az storage account show --name ${shellQuote(account)} --query "[publicNetworkAccess, networkRuleSet]"`,
  },
  KeyBasedAuthenticationNotPermitted: {
    code: "storage-key-refused",
    do: () => "the account takes logins only: ask it with one (ARM_USE_AZUREAD=true for terraform's backend).",
  },
  ContainerNotFound: {
    code: "state-container-missing",
    do: ({ account, container }) =>
      `az storage container create --auth-mode login --account-name ${shellQuote(account)} --name ${shellQuote(container)}`,
  },
  ContainerBeingDeleted: {
    code: "state-container-missing",
    do: () => "somebody has deleted the container just now. Name another, or wait and make it again.",
  },
  LeaseIdMissing: {
    code: "state-blob-leased",
    do: () => "somebody holds the lock. Wait for that run to end; the command unlock says who it is.",
  },
  InvalidAuthenticationInfo: {
    code: "storage-unauthorized",
    do: () => "check that the account is in the identity's own tenant, and that the runner's clock is right.",
  },
};

/**
 * What a person should read when blob storage refuses: one clause that says what was tried, storage's words, and what to do.
 *
 * @param clause ends with the place: `Cannot read x in <host>/<container>`
 */
export function explainStorageRefusal(clause: string, error: unknown, place: StoragePlace): UserError {
  const status = statusOfStorage(error);
  if (status === undefined) return explainSilence(clause, error, place);
  const word = codeOfStorage(error);
  const said = `${clause}: storage answered ${status}${word === "" ? "" : ` ${word}`}${requestOf(error)}.`;
  const meaning = MEANINGS[word];
  if (meaning !== undefined)
    return new UserError(meaning.code, `${said}\nTo do: ${meaning.do(place)}`, { cause: error });
  if (isBusyStatus(status)) {
    return new UserError("storage-unavailable", `${said}\nTo do: run it again later; nothing was lost.`, {
      cause: error,
    });
  }
  return new UserError("storage-refused", said, { cause: error });
}

function explainSilence(clause: string, error: unknown, { account, host }: StoragePlace): UserError {
  const text = `${clause}: ${describeConnectionFault(error)}.\nTo do: check the name of the storage account (${account}), and that the runner reaches ${host} (HTTPS_PROXY, NO_PROXY, firewall).`;
  return new UserError("storage-unreachable", text, { cause: error });
}

function renderRoleLine({ account, container, clientId }: StoragePlace): string {
  const assignee = clientId === undefined ? "<client-id>" : shellQuote(clientId);
  const id = `$(az storage account show --name ${shellQuote(account)} --query id --output tsv)`;
  const scope = `"${id}/blobServices/default/containers/"${shellQuote(container)}`;
  return `az role assignment create --assignee ${assignee} --role "Storage Blob Data Contributor" --scope ${scope}`;
}

/** The status of an answer; undefined when none came. */
export function statusOfStorage(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  return "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : undefined;
}

/** Storage's word for a refusal, empty where there is none. The answer to a HEAD has it in a header only. */
export function codeOfStorage(error: unknown): string {
  if (!(error instanceof Error) || statusOfStorage(error) === undefined) return "";
  const header = readHeader(error, "x-ms-error-code");
  if (header !== undefined) return header;
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

function requestOf(error: unknown): string {
  const id = readHeader(error, "x-ms-request-id");
  return id === undefined ? "" : ` (request ${id})`;
}

function readHeader(error: unknown, name: string): string | undefined {
  const { response } = error as {
    readonly response?: { readonly headers?: { get?(name: string): string | undefined } };
  };
  return response?.headers?.get?.(name);
}
