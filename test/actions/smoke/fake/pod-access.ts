import type { Duplex } from "node:stream";
import { KubeRefusal } from "../../../../src/kubernetes/kube-refusal.ts";
import type {
  ExecOrder,
  ExecOutcome,
  PodAccess,
  PodRef,
  ProxyAnswer,
  ProxyRequest,
} from "../../../../src/kubernetes/pod-access.ts";

type Maybe<T> = T | Promise<T>;

/** What pods answer, and what they were asked. A test puts its own answers in. */
export interface FakePods extends PodAccess {
  readonly answers: {
    exec: (pod: PodRef, order: ExecOrder) => Maybe<ExecOutcome>;
    forward: (pod: PodRef, port: number) => Maybe<Duplex>;
    proxy: (request: ProxyRequest) => Maybe<ProxyAnswer>;
    createToken: (account: PodRef, audience: string) => Maybe<string>;
  };
  readonly asked: {
    readonly exec: (ExecOrder & { readonly pod: PodRef })[];
    readonly forward: { readonly pod: PodRef; readonly port: number }[];
    readonly proxy: ProxyRequest[];
    readonly tokens: { readonly account: PodRef; readonly audience: string }[];
  };
}

/** Nobody answers until a test says what. */
export function createPods(): FakePods {
  const nobody = (what: string) => (): never => {
    throw new KubeRefusal(404, "NotFound", `${what} not found`);
  };
  const answers: FakePods["answers"] = {
    exec: nobody("pods"),
    forward: nobody("pods"),
    proxy: nobody("services"),
    createToken: nobody("serviceaccounts"),
  };
  const asked: FakePods["asked"] = { exec: [], forward: [], proxy: [], tokens: [] };
  return {
    answers,
    asked,
    exec: async (pod, order) => {
      asked.exec.push({ pod, ...order });
      return answers.exec(pod, order);
    },
    forward: async (pod, port) => {
      asked.forward.push({ pod, port });
      return answers.forward(pod, port);
    },
    proxy: async (request) => {
      asked.proxy.push(request);
      return answers.proxy(request);
    },
    createToken: async (account, audience) => {
      asked.tokens.push({ account, audience });
      return answers.createToken(account, audience);
    },
  };
}
