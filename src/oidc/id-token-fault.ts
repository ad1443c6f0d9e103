import { describeConnectionFault, isPassingFault } from "./connection-fault.ts";
import type { Finding } from "./missing-id-token.ts";
import { isBusyStatus } from "./refusal.ts";

export interface IdTokenFault extends Finding {
  /** True when another try may succeed. */
  readonly passing: boolean;
}

/**
 * What an error of GitHub's token service means. The toolkit keeps only a text of it: `Error Code : 401`, or
 * `undefined` when there was no answer.
 *
 * @param host of the token service, for a person to allow in a proxy.
 */
export function explainIdTokenFault(error: unknown, host: string): IdTokenFault {
  const text = error instanceof Error ? error.message : String(error);
  const status = Number(/Error Code : (\d{3})\b/.exec(text)?.[1] ?? Number.NaN);
  const words = (/Error Message: ([\s\S]*)$/.exec(text)?.[1] ?? text).trim();
  if (Number.isNaN(status)) return explainSilence(error, text, words, host);
  const refused = { code: "id-token-refused", passing: isBusyStatus(status) } as const;
  const said = `GitHub's token service (${host}) answered HTTP ${status}: ${words}`;
  if (status === 407) {
    return { ...explainProxy(`the proxy asks for a name and password (HTTP 407)`, host), passing: false };
  }
  if (status === 401 || status === 403) {
    return {
      ...refused,
      message: `${said}\nTo do: the request token of a job ends about six hours after its start; split longer jobs.`,
    };
  }
  if (words.includes("'Completed' state")) {
    return { ...refused, message: `${said}\nTo do: do not log in from a process that outlives its job.` };
  }
  return { ...refused, message: `${said}\nTo do: run the job again; https://www.githubstatus.com shows outages.` };
}

function explainSilence(error: unknown, text: string, words: string, host: string): IdTokenFault {
  if (text.includes("do not have ID Token field")) {
    return {
      code: "id-token-refused",
      passing: false,
      message:
        `GitHub's token service (${host}) gave an answer without a token (HTTP 404, or a proxy's page).\n` +
        "To do: let the proxy pass *.actions.githubusercontent.com unchanged, and run the job again.",
    };
  }
  const reason = describeConnectionFault(error);
  return { ...explainProxy(reason === text ? words : reason, host), passing: isPassingFault(error) };
}

function explainProxy(reason: string, host: string): Finding {
  return {
    code: "id-token-unreachable",
    message:
      `The runner cannot reach GitHub's token service at ${host}: ${reason}.\n` +
      "To do: allow *.actions.githubusercontent.com in the proxy or firewall, or name it in NO_PROXY; " +
      "a proxy that inspects TLS needs its authority in NODE_EXTRA_CA_CERTS.",
  };
}

/** What an answer that is no ID token means. */
export function explainUnreadableIdToken(host: string): Finding {
  return {
    code: "id-token-unreadable",
    message:
      `What came from ${host} as an ID token is none (no JWT with iss, sub and aud).\n` +
      "To do: look for a proxy that rewrites answers, and for a workflow that sets ACTIONS_ID_TOKEN_REQUEST_URL.",
  };
}
