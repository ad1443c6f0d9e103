import { parseChallenges } from "./challenge.ts";
import { chooseMode, findMode, type Mode, type ModeOptions } from "./challenge-mode.ts";
import { basicHeader, fetchToken, type RegistryToken, type TokenService } from "./registry-token.ts";
import { covers, joinScopes } from "./scope.ts";

export interface AuthorizerOptions extends ModeOptions {
  mask(secret: string): void;
}

/** What a request may show. */
export interface Authorization {
  /** Undefined where the registry asks for nothing. */
  readonly header: string | undefined;
  /** What the token grants, as scopes; undefined where it does not say. */
  readonly granted?: readonly string[] | undefined;
}

/** Knows how a registry wants to be asked, and keeps one token for each set of scopes. */
export interface Authorizer {
  /** @throws RegistryFault where the token service refuses or is silent */
  authorize(scopes: readonly string[]): Promise<Authorization>;
  /**
   * Takes note that what `authorize` gave was refused, with which challenge. Returns the scopes to try next; undefined
   * when there is nothing else that could be shown.
   */
  refused(challenge: string | undefined, scopes: readonly string[]): readonly string[] | undefined;
}

/** The authorizer of one registry. No request is made yet. */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const { credentials } = options;
  const kept = new Map<string, RegistryToken>();
  const underWay = new Map<string, Promise<RegistryToken>>();
  let mode: Mode | undefined;
  let finding: Promise<Mode> | undefined;
  let wantFresh = false;

  const currentMode = async (): Promise<Mode> => {
    finding ??= findMode(options).finally(() => {
      finding = undefined;
    });
    mode ??= await finding;
    return mode;
  };

  const tokenFor = (service: TokenService, scopes: readonly string[]): Promise<RegistryToken> => {
    const now = options.now().getTime();
    const fitting = [...kept.values()].find((token) => now < token.until && covers(token.scopes, scopes));
    if (fitting !== undefined) return Promise.resolve(fitting);
    const key = [service.realm.href, service.service, ...[...scopes].sort()].join(" ");
    const running = underWay.get(key);
    if (running !== undefined) return running;
    const fresh = wantFresh;
    wantFresh = false;
    const started = fetchToken({ ...options, service, scopes, fresh })
      .then((token) => {
        kept.set(key, token);
        return token;
      })
      .finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  };

  if (credentials.kind === "password") options.mask(credentials.password);

  return {
    authorize: async (scopes) => {
      const known = mode ?? (await currentMode());
      if (known.kind === "open") return { header: undefined };
      if (known.kind === "basic") return { header: basicHeader(credentials) };
      const { header, granted } = await tokenFor(known.service, scopes);
      return { header, granted };
    },
    refused: (header, scopes) => {
      const shown = mode;
      mode = chooseMode(header, options) ?? mode;
      if (mode === undefined || mode.kind === "open") return undefined;
      if (mode.kind === "basic") return shown?.kind === "basic" || credentials.kind !== "password" ? undefined : scopes;
      for (const [key, token] of kept) if (covers(token.scopes, scopes)) kept.delete(key);
      wantFresh = true;
      const asked = parseChallenges(header ?? "").find(({ scheme }) => scheme === "bearer")?.parameters["scope"];
      return joinScopes(scopes, asked?.split(" ").filter((scope) => scope !== "") ?? []);
    },
  };
}
