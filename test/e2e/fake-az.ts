import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One call of the az CLI. */
export interface AzCall {
  readonly argv: readonly string[];
  readonly configFolder: string;
  /** What stood in the file that a parameter named, such as `@path`. */
  readonly assertion?: string;
}

/** An `az` on PATH that only writes down how it was called. */
export interface FakeAz extends Disposable {
  /** Variables of the machine that has it. */
  machineEnv(machine: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  calls(): readonly AzCall[];
}

export function installFakeAz(): FakeAz {
  const folder = mkdtempSync(join(tmpdir(), "mayfly-fake-az-"));
  const record = join(folder, "calls.jsonl");
  const script = join(import.meta.dirname, "fixtures/az.js");
  writeFileSync(join(folder, "az"), `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`, { mode: 0o755 });
  return {
    machineEnv: (machine) => ({ ...machine, PATH: `${folder}:${machine["PATH"]}`, E2E_AZ_CALLS: record }),
    calls: () => {
      if (!existsSync(record)) return [];
      const lines = readFileSync(record, "utf8").trim().split("\n");
      return lines.map((line) => JSON.parse(line) as AzCall);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
