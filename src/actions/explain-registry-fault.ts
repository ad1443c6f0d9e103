import { AcrLoginError } from "../azure/acr-login-error.ts";
import { explainDenial } from "../image/denial.ts";
import { classifyPushFault, type PushFault } from "../image/push-fault.ts";
import type { Need, RoleMode } from "../image/registry-roles.ts";
import { UserError } from "../kit/user-error.ts";
import { RegistryFault } from "../registry/registry-fault.ts";

/** What was asked of a registry, and what is known of it. */
export interface Asked {
  readonly host: string;
  readonly repository: string;
  readonly need: Need;
  /** As ARM describes it; undefined where nobody asked ARM, or it is not ours. */
  readonly facts: { readonly id: string; readonly abac: boolean; readonly publicAccess: boolean } | undefined;
  /** The object id of our identity; undefined when it is not our identity that asks. */
  principalId(): Promise<string | undefined>;
  /** Whether the registry decides by conditions on repositories, as its own token says. */
  isAbac(): Promise<boolean | undefined>;
}

/** What a registry's refusal means and which line mends it, as a `UserError`. Errors that are no refusal come back as they are. */
export async function explainRegistryFault(error: unknown, asked: Asked): Promise<unknown> {
  if (error instanceof AcrLoginError) {
    const refused = error.code === "registry-denied" || error.code === "registry-firewall";
    return refused ? explainDenied(error.facts.said, asked, undefined) : error;
  }
  if (!(error instanceof RegistryFault)) return error;
  const { status, code, said, passing } = error.facts;
  // The adapter has logged in anew already before it gave up.
  const fault = classifyPushFault(`${code}: ${said}`, { status, freshLogin: status === 401 });
  if (fault.kind === "denied" || fault.kind === "firewall") return explainDenied(said, asked, error);
  if (passing) return new UserError("registry-busy", `${error.message}\nRun it again.`);
  if (fault.kind !== "failed") return explainKnown(fault, error);
  if (status !== undefined) return new UserError("registry-refused", error.message);
  const text = `${error.message}\nTo do: check the name ${asked.host}, and that the runner can reach it (HTTPS_PROXY, NO_PROXY, firewall, NODE_EXTRA_CA_CERTS).`;
  return new UserError("registry-unreachable", text);
}

/** A failure of a push or pull that has a name, with what mends it. */
export function explainKnown({ code, because, mend }: PushFault, error: Error): UserError {
  return new UserError(code, `${error.message}\nThis means that ${because}. To do: ${mend}.`);
}

/** A denial, with the exact line that mends it. */
export async function explainDenied(said: string, asked: Asked, cause: Error | undefined): Promise<UserError> {
  const { host, repository, need, facts } = asked;
  const abac = facts?.abac ?? (await asked.isAbac().catch(() => undefined));
  const mode: RoleMode | undefined = abac === undefined ? undefined : abac ? "abac" : "legacy";
  const { code, message } = explainDenial({
    host,
    repository,
    need,
    said,
    mode,
    registryId: facts?.id,
    publicAccess: facts?.publicAccess,
    principalId: await asked.principalId().catch(() => undefined),
  });
  return new UserError(code, message, cause === undefined ? {} : { cause });
}

type Method = (name: string, ...rest: never[]) => Promise<unknown>;

/**
 * The same methods, which throw what `explain` makes of their errors. Each takes the repository first.
 */
export function explaining<T extends object>(
  adapter: T,
  explain: (error: unknown, repository: string) => Promise<unknown>,
): T {
  const wrapped = Object.entries(adapter).map(([key, method]: [string, unknown]) => {
    if (typeof method !== "function") return [key, method];
    const ask: Method = async (name, ...rest) => {
      try {
        return await (method as Method)(name, ...rest);
      } catch (error) {
        throw await explain(error, name);
      }
    };
    return [key, ask];
  });
  return Object.fromEntries(wrapped) as T;
}
