import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type KeptToken, parseKeptToken } from "../../kubeconfig/kept-token.ts";

/** The token that the plugin keeps in its folder, and whose turn it is to fetch the next one. */
export interface TokenFile {
  /** Undefined when there is none that can be read. */
  read(): KeptToken | undefined;
  /** Nobody reads half of it. Where the folder cannot be written, the next one asks for a token of his own. */
  keep(token: KeptToken): void;
  /** What ends the turn; undefined while somebody else has it. */
  takeTurn(): (() => void) | undefined;
}

/** No fetch takes so long: who has had the turn since then is not coming back. */
const LONGEST_TURN_MS = 180_000;

/**
 * The files of a plugin's folder, which only this user can read. A turn is a courtesy between callers at the same
 * moment, no lock: where two have it (an old one is taken away by both), there are two tokens, and the later one stays.
 */
export function openTokenFile(folder: string): TokenFile {
  const path = join(folder, "token.json");
  const turn = join(folder, "turn");
  const begin = (): boolean => {
    try {
      writeFileSync(turn, `${process.pid}`, { flag: "wx", mode: 0o600 });
      return true;
    } catch (error) {
      // Where nothing can be written nobody waits for anybody.
      return codeOf(error) !== "EEXIST";
    }
  };
  const isAbandoned = (): boolean => {
    try {
      const pid = Number(readFileSync(turn, "utf8"));
      // Half written, it says nothing yet.
      return (pid > 0 && !isThere(pid)) || Date.now() - statSync(turn).mtimeMs > LONGEST_TURN_MS;
    } catch {
      return false;
    }
  };
  return {
    read: () => {
      try {
        return parseKeptToken(readFileSync(path, "utf8"));
      } catch {
        return undefined;
      }
    },
    keep: (token) => {
      const part = `${path}.${process.pid}`;
      try {
        writeFileSync(part, JSON.stringify(token), { mode: 0o600 });
        renameSync(part, path);
      } catch {
        rmSync(part, { force: true });
      }
    },
    takeTurn: () => {
      if (!begin()) {
        if (!isAbandoned()) return undefined;
        rmSync(turn, { force: true });
        if (!begin()) return undefined;
      }
      return () => rmSync(turn, { force: true });
    },
  };
}

/** A process of this number, whoever's it is. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
