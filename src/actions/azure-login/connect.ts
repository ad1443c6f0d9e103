import { explainRefusal } from "../../azure/arm-refusal.ts";
import { chooseCloud } from "../../azure/cloud.ts";
import { connectCredential } from "../../azure/credential.ts";
import { EntraError } from "../../azure/entra-error.ts";
import { loadIdentity } from "../../azure/exchange.ts";
import { connectSubscriptions } from "../../azure/subscriptions.ts";
import { unlessCancelled } from "../../kit/cancel.ts";
import { connectCommands } from "../../kit/command.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import type { Runner } from "../../kit/runner.ts";
import { readIdentity } from "../../oidc/identity-kind.ts";
import { connectIdToken } from "../github-id-token.ts";
import { loginAz } from "./az.ts";
import type { spec } from "./spec.ts";
import { AZ_FOLDER } from "./state.ts";
import type { LoginWorld, SignIn } from "./world.ts";

/** The real world of a login: GitHub's token service, Entra, ARM, the az CLI. */
export function connect(runner: Runner, inputs: InputsOf<typeof spec>): LoginWorld {
  const cloud = chooseCloud(inputs);
  const world = {
    now: runner.now,
    sleep: runner.sleep,
    random: Math.random,
    mask: runner.mask,
    cancelled: runner.cancelled,
  };
  const freshIdToken = connectIdToken({ ...runner, ...world }, inputs.workflowRef);
  // The token that was read for the log is the one for the first exchange; every later one gets its own.
  let unused: Promise<string> | undefined;
  let requestId: string | undefined;
  const credential = connectCredential({
    ...world,
    cloud,
    tenantId: inputs.tenantId,
    clientId: inputs.clientId,
    debug: runner.log.debug,
    onExchange: (id) => {
      requestId = id;
    },
    idToken: (audience) => {
      const token = unused ?? freshIdToken(audience);
      unused = undefined;
      return token;
    },
  });
  const subscriptions = connectSubscriptions({ ...world, cloud, credential });
  const explained = async <T>(clause: string, work: Promise<T>): Promise<T> =>
    unlessCancelled(work, runner.cancelled).catch((error: unknown) => {
      throw explainRefusal(clause, error);
    });

  return {
    log: runner.log,
    environment: runner.environment,
    cancelled: runner.cancelled,
    cloud,
    idToken: async () => {
      unused = freshIdToken(cloud.audience);
      // The SDK loads while GitHub makes the token.
      const [token] = await Promise.all([unused, loadIdentity()]);
      return token;
    },
    signIn: async (): Promise<SignIn> => {
      try {
        const token = await credential.getToken(cloud.armScope);
        if (token === null) throw new Error("the credential gave no token");
        const expiresOn = new Date(token.expiresOnTimestamp);
        return { kind: "granted", identity: readIdentity(token.token), expiresOn, requestId };
      } catch (error) {
        if (error instanceof EntraError) return { kind: "refused", refusal: error.refusal, error };
        throw error;
      }
    },
    listSubscriptions: () => explained("Cannot list the identity's subscriptions", subscriptions.list()),
    findSubscription: (id) => explained(`Cannot read subscription ${id}`, subscriptions.find(id)),
    loginAz: (login) =>
      loginAz({
        ...login,
        commands: connectCommands(runner.environment),
        tempFolder: runner.tempFolder,
        idToken: () => freshIdToken(cloud.audience),
        onFolder: (folder) => runner.saveState(AZ_FOLDER, folder),
      }),
    exportVariable: runner.exportVariable,
    summarize: runner.summarize,
  };
}
