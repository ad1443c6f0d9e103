import { isIP } from "node:net";
import { askOnce } from "./connect-http.ts";

/** Who tells a caller his own address, and nothing else. They are asked only to explain a refusal that depends on it. */
const MIRRORS = ["https://api.ipify.org", "https://checkip.amazonaws.com"] as const;
const ONE_ANSWER_MS = 3_000;

/** The address that this machine is seen with from outside; undefined where nobody tells. */
export async function findEgressAddress(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  for (const url of MIRRORS) {
    const asked = { url, method: "GET", headers: { "user-agent": "mayfly" }, timeoutMs: ONE_ANSWER_MS } as const;
    const text = await askOnce(asked, environment).then(
      ({ status, body }) => (status === 200 ? body.trim() : ""),
      () => "",
    );
    if (isIP(text) !== 0) return text;
  }
  return undefined;
}
