import { RELAY_FOLDER, RELAY_SECRET } from "./relay-files.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where terraform asks for tokens, with what it shows there. */
export interface RelayAddress {
  readonly url: string;
  readonly token: string;
}

/**
 * The variables of terraform's environment that lead it to the relay instead of GitHub. A service of the job's own in
 * ARM_OIDC_REQUEST_URL is left alone; where that only repeats GitHub's, it is replaced as well.
 */
export function leadToRelay(environment: Environment, { url, token }: RelayAddress): Readonly<Record<string, string>> {
  const github = environment["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "";
  const own = environment["ARM_OIDC_REQUEST_URL"] || github;
  const given = Boolean(environment["ARM_OIDC_REQUEST_URL"] || environment["ARM_OIDC_REQUEST_TOKEN"]);
  // azure-login adds the audience of another cloud to GitHub's address.
  const rest = own.startsWith(github) ? own.slice(github.length) : undefined;
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
    ...(given && rest !== undefined ? { ARM_OIDC_REQUEST_URL: url + rest, ARM_OIDC_REQUEST_TOKEN: token } : {}),
  };
}

/** What a relay's process needs of the job: GitHub's token service and the way to it, and the runner's mark. */
const KEPT =
  /^(?:ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN)|RUNNER_TRACKING_ID|(?:HTTPS?|ALL|NO)_PROXY|NODE_.*|SSL_CERT_.*|PATH|HOME|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR)$/i;

/** The whole environment of the relay's process: nothing of terraform's variables, nor any other secret of the job. */
export function relayEnvironment(
  environment: Environment,
  secret: string,
  folder: string,
): Readonly<Record<string, string>> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && KEPT.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), [RELAY_SECRET]: secret, [RELAY_FOLDER]: folder };
}
