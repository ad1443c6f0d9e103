import type { Consumer } from "./spec.ts";

type Environment = Readonly<Record<string, string | undefined>>;

interface Leftover {
  readonly names: readonly string[];
  /** Undefined: it hurts every Azure SDK. */
  readonly consumer?: Consumer;
  readonly why: string;
}

/** Variables of an earlier way to log in that win over the federated one, or that end in the middle of a job. */
const LEFTOVERS: readonly Leftover[] = [
  {
    names: ["ARM_CLIENT_SECRET", "ARM_CLIENT_CERTIFICATE", "ARM_CLIENT_CERTIFICATE_PATH"],
    consumer: "terraform",
    why: "terraform prefers it to the federated login",
  },
  {
    names: ["ARM_OIDC_TOKEN", "ARM_OIDC_TOKEN_FILE_PATH"],
    consumer: "terraform",
    why: "terraform reads it once and prefers it to fresh tokens: after five minutes it fails with AADSTS700024",
  },
  {
    names: ["ARM_USE_MSI", "ARM_USE_AKS_WORKLOAD_IDENTITY"],
    consumer: "terraform",
    why: "terraform would take another identity than this one",
  },
  {
    names: ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_USERNAME", "AZURE_PASSWORD"],
    why: "every Azure SDK prefers it to the federated login",
  },
  {
    names: ["AZURE_FEDERATED_TOKEN_FILE"],
    why: "SDKs keep its content for minutes, while a GitHub ID token lives for five",
  },
];

/** One sentence for each variable that gets in the way. Values are not looked at, but for "false". */
export function listLeftovers(environment: Environment, consumers: readonly Consumer[]): readonly string[] {
  return LEFTOVERS.filter(({ consumer }) => consumer === undefined || consumers.includes(consumer)).flatMap(
    ({ names, why }) =>
      names
        .filter((name) => isSet(environment[name]))
        .map((name) => `${name} is set, and ${why}. Remove it from the job.`),
  );
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value.toLowerCase() !== "false";
}
