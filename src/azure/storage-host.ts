import { UserError } from "../kit/user-error.ts";
import type { Cloud } from "./cloud.ts";

/**
 * Where the blobs of a storage account are.
 *
 * @throws UserError `bad-input` where the cloud's storage has no known name
 */
export function nameStorageHost({ storageSuffix }: Pick<Cloud, "storageSuffix">, account: string): string {
  if (storageSuffix !== undefined) return `${account}.blob.${storageSuffix}`;
  const text = `The storage account "${account}" has no known address in a custom cloud: use another backend there, or a known cloud.`;
  throw new UserError("bad-input", text);
}
