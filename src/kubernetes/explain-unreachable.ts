import { UserError } from "../kit/user-error.ts";
import { describeConnectionFault } from "../oidc/connection-fault.ts";
import { codeOf } from "./connection-error.ts";
import type { Kubeconfig } from "./kubeconfig.ts";

interface Tried {
  readonly kubeconfig: Kubeconfig;
  readonly proxy: string | undefined;
  readonly tries: number;
  readonly seconds: number;
  /** False for a change, of which it is not known then whether it was taken. */
  readonly looks: boolean;
}

/** What mends it, by what Node says; the first that fits counts. */
const FIXES: readonly { readonly sign: RegExp; readonly fix: string }[] = [
  {
    sign: /ERR_PROXY|tunnel|Bad response/i,
    fix: "The proxy did not let it through: allow this host there, or name it in NO_PROXY.",
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN/,
    fix: "Is the cluster gone, or private? The name of a private cluster is known only inside its network: use a runner there, or run-command as the route.",
  },
  {
    sign: /CERT|ALTNAME|self-signed|signed by/i,
    fix: "The kubeconfig's certificate-authority-data is of another cluster or an earlier one, or something between reads along: get a new kubeconfig.",
  },
  {
    sign: /ECONNREFUSED/,
    fix: "Nothing listens there: is the cluster stopped, or is the kubeconfig of an earlier one?",
  },
  {
    sign: /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|within/,
    fix: "Is the cluster stopped or private, or is this runner's address missing in its authorised IP ranges?",
  },
];

/** The name that is not there, or the port where nothing listens, is the proxy's own. */
const PROXY_FIX = "Is the proxy of HTTPS_PROXY or proxy-url there? A host that needs none is named in NO_PROXY.";

/** No answer came from the API server. */
export function explainUnreachable({ kubeconfig, proxy, tries, seconds, looks }: Tried, fault: unknown): UserError {
  const words = describeConnectionFault(fault);
  const own =
    fault instanceof Error && !words.includes(fault.message) && /within/.test(fault.message)
      ? `: ${fault.message}`
      : "";
  const direct = proxy !== undefined && /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(words);
  const fix = direct ? PROXY_FIX : (FIXES.find(({ sign }) => sign.test(`${words} ${codeOf(fault)}`))?.fix ?? "");
  const way = proxy === undefined ? "" : ` through the proxy ${withoutLogin(proxy)}`;
  const often = tries === 1 ? "" : ` Tried ${tries} times in ${seconds} s.`;
  const taken =
    looks || /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UNREACH|CERT/.test(words)
      ? ""
      : " Whether the change was taken is not known.";
  return new UserError(
    "cluster-unreachable",
    `Cannot reach the API server ${kubeconfig.cluster.server.origin}${way} (context "${kubeconfig.context}" of ${kubeconfig.source}): ${words}${own}.${often}${taken} ${fix}`.trimEnd(),
    { cause: fault },
  );
}

function withoutLogin(proxy: string): string {
  const { protocol, host } = new URL(proxy);
  return `${protocol}//${host}`;
}
