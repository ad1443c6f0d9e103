import type { Inputs } from "./request.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What else terraform's environment is made from. */
export interface EnvironmentFacts {
  readonly environment: Environment;
  /** Undefined where the job has no identity in Azure: then what others have set up for azurerm stays. */
  readonly identity: Pick<Inputs, "clientId" | "tenantId" | "subscriptionId"> | undefined;
  readonly dataFolder: string;
  /** What the token relay sets. */
  readonly relay: Readonly<Record<string, string>>;
}

/** Would choose another workspace, other arguments or another answer to a question behind our back. */
const MISLEADING = /^(?:TF_WORKSPACE|TF_CLI_ARGS(?:_\w+)?|TF_LOG\w*)$/;
/** Ways to log in that end before the job does, or are secrets. */
const OTHER_LOGINS =
  /^ARM_(?:CLIENT_SECRET(?:_FILE_PATH)?|CLIENT_CERTIFICATE\w*|ACCESS_KEY|SAS_TOKEN|OIDC_TOKEN(?:_FILE_PATH)?|USE_MSI|MSI_\w+)$/;
/** The runner's own services are none of terraform's business, nor of what its provisioners start. */
const RUNTIME = /^(?:ACTIONS_(?:RUNTIME|RESULTS|CACHE)_\w+|INPUT_.*)$/;

/**
 * The environment that terraform runs in: the job's own, without what would mislead it, with ids and switches but no
 * credential: backend and provider fetch fresh tokens with the job's own right to ask for them.
 */
export function makeToolEnvironment({ environment, identity, dataFolder, relay }: EnvironmentFacts): Environment {
  const kept = Object.entries(environment).filter(
    ([name]) => !MISLEADING.test(name) && !RUNTIME.test(name) && (identity === undefined || !OTHER_LOGINS.test(name)),
  );
  return {
    ...Object.fromEntries(kept),
    ...(identity === undefined ? {} : listIdentity(identity)),
    ...relay,
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    // Asks HashiCorp whether there is a newer version, otherwise.
    CHECKPOINT_DISABLE: "1",
    TF_DATA_DIR: environment["TF_DATA_DIR"] || dataFolder,
  };
}

function listIdentity({ clientId, tenantId, subscriptionId }: NonNullable<EnvironmentFacts["identity"]>): Environment {
  return {
    ARM_USE_OIDC: "true",
    // States are read with the identity's own role, never with the account's keys.
    ARM_USE_AZUREAD: "true",
    ARM_USE_CLI: "false",
    ARM_CLIENT_ID: clientId,
    ARM_TENANT_ID: tenantId,
    ...(subscriptionId === undefined ? {} : { ARM_SUBSCRIPTION_ID: subscriptionId }),
  };
}

/** The names of what was taken out and somebody may miss, for a line in the log. */
export function listDropped(environment: Environment, hasIdentity: boolean): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value && (MISLEADING.test(name) || (hasIdentity && OTHER_LOGINS.test(name))) && !name.startsWith("TF_LOG")
      ? [name]
      : [],
  );
}
