import { UserError } from "../../kit/user-error.ts";
import { fieldOf } from "../../rollout/read-field.ts";
import type { SecretBinding } from "../../smoke/smoke-test.ts";
import { needCluster } from "./begin-check.ts";
import type { Session } from "./session.ts";

/**
 * Reads the values of a test's Secrets, each masked before anything else is done with it.
 *
 * @throws UserError `smoke-secret-missing` with all that are not there
 */
export async function readSecrets(session: Session): Promise<void> {
  const { test, world, values } = session;
  const missing: string[] = [];
  for (const binding of test.secrets) {
    const value = await readSecret(binding, session);
    if (value === undefined) missing.push(tellMissing(binding, test.namespace));
    else {
      world.mask(value);
      values.set(binding.name, value);
    }
  }
  const [first] = test.secrets;
  if (missing.length === 0 || first === undefined) return;
  throw new UserError(
    "smoke-secret-missing",
    `${missing.join("; ")}. Correct valueFrom.secretKeyRef in ${test.file}, or see that the Secret is made before.`,
    { file: test.file, line: first.line },
  );
}

/** Values are Base64: https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data */
async function readSecret(
  { namespace, secret, key }: SecretBinding,
  { test, world }: Session,
): Promise<string | undefined> {
  const ref = { apiVersion: "v1", kind: "Secret", namespace: namespace ?? test.namespace, name: secret };
  const found = await needCluster(world).find(ref);
  const data = fieldOf(found, "data", key);
  return typeof data === "string" ? Buffer.from(data, "base64").toString("utf8") : undefined;
}

function tellMissing({ name, namespace, secret, key }: SecretBinding, usual: string): string {
  return `the binding ${name} has no value: Secret ${namespace ?? usual}/${secret} is not there, or has no key ${key}`;
}
