import { UserError } from "../../kit/user-error.ts";
import type { Inputs } from "./request.ts";

/** What is to be taken away. */
export interface UninstallRequest extends Inputs {
  readonly order: {
    readonly name: string;
    readonly namespace: string;
    readonly context: string | undefined;
    readonly timeoutMs: number;
  };
  /** Whose namespace goes, too; undefined where it stays. */
  readonly ending: string | undefined;
}

/**
 * @param namespace of the context, for who names none
 * @throws UserError `bad-input`
 */
export function readUninstall(inputs: Inputs, namespace: string): UninstallRequest {
  const { environment, deleteNamespace } = inputs;
  if (deleteNamespace && environment === undefined) {
    const text = "environment: expected the environment that the namespace is, beside delete-namespace, got nothing";
    throw new UserError("bad-input", text);
  }
  return {
    ...inputs,
    ending: deleteNamespace ? environment : undefined,
    order: {
      name: inputs.release,
      namespace: inputs.namespace ?? namespace,
      context: inputs.kubeContext,
      timeoutMs: inputs.timeout,
    },
  };
}
