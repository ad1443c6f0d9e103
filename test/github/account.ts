/** Somebody who acts on GitHub: a person, or an app in the form of its bot. */
export interface Account {
  readonly id: number;
  readonly nodeId: string;
  /** A bot's login ends in `[bot]`, which no person's can. */
  readonly login: string;
  readonly type: "User" | "Bot";
}

/** Who writes with the token of a job. The id is the real one. */
export const GITHUB_ACTIONS: Account = {
  id: 41_898_282,
  nodeId: "MDM6Qm90NDE4OTgyODI=",
  login: "github-actions[bot]",
  type: "Bot",
};

export interface Accounts {
  /** The account of this login, in any case. It is made when it is first named. */
  named(login: string): Account;
  /** The same, without making one. */
  find(login: string): Account | undefined;
}

export function createAccounts(): Accounts {
  const byLogin = new Map([[GITHUB_ACTIONS.login, GITHUB_ACTIONS]]);
  const find = (login: string) => byLogin.get(login.toLowerCase());
  return {
    find,
    named: (login) => {
      const known = find(login);
      if (known !== undefined) return known;
      const bot = login.endsWith("[bot]");
      const id = 1_000 + byLogin.size;
      const account: Account = { id, nodeId: nodeIdOf(bot ? "BOT" : "U", id), login, type: bot ? "Bot" : "User" };
      byLogin.set(login.toLowerCase(), account);
      return account;
    },
  };
}

/** A global id in the newer form: a short name of the kind and an opaque rest. */
export function nodeIdOf(kind: string, ...parts: readonly (string | number)[]): string {
  return `${kind}_kw${Buffer.from(parts.join(":")).toString("base64url")}`;
}

/** An account as answers show it. */
export function renderAccount({ id, nodeId, login, type }: Account): Record<string, unknown> {
  const path = type === "Bot" ? `apps/${login.replace("[bot]", "")}` : login;
  const url = `https://api.github.com/users/${encodeURIComponent(login)}`;
  return { login, id, node_id: nodeId, url, html_url: `https://github.com/${path}`, type, site_admin: false };
}
