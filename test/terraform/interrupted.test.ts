import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type DetachedProcess, ensureInterrupted, findDetached } from "../../src/kit/detached-process.ts";
import { waitForEnd } from "../../src/kit/wait-for-end.ts";
import { type HttpBackend, startHttpBackend } from "./http-backend.ts";
import { needTerraform } from "./need-terraform.ts";

jest.setTimeout(60_000);

const environment = {
  PATH: process.env["PATH"] ?? "",
  TF_IN_AUTOMATION: "1",
  TF_INPUT: "0",
  CHECKPOINT_DISABLE: "1",
  NODE_NO_WARNINGS: "1",
};

/** One resource that is there at once, and one that takes its time. */
const CONFIGURATION = `
resource "terraform_data" "first" {}
resource "terraform_data" "slow" {
  depends_on = [terraform_data.first]
  provisioner "local-exec" {
    command = "sleep SECONDS"
  }
}
`;

let folder: string;
let backend: HttpBackend;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "interrupted-test-"));
  backend = await startHttpBackend();
});
afterEach(async () => {
  await backend[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Applies with the real terraform, detached from an action's process, and gives that process. */
async function apply(seconds: number) {
  writeFileSync(join(folder, "main.tf"), backend.block + CONFIGURATION.replace("SECONDS", `${seconds}`));
  const terraform = needTerraform();
  await promisify(execFile)(terraform, ["init", "-no-color"], { cwd: folder, env: environment });
  const fixture = join(import.meta.dirname, "../kit/fixtures/run-detached.ts");
  const words = [fixture, "terraform", folder, folder, terraform, "apply", "-json", "-auto-approve"];
  const node = spawn(process.execPath, words, { env: environment, stdio: "ignore", detached: true });
  const killed = new Promise((resolve) => node.on("exit", resolve));
  return { node, killed };
}

/** What the runner does to an action's process on a cancel, forty times as fast. */
const CANCELS = {
  "is cancelled: SIGINT, SIGTERM, SIGKILL": [["SIGINT", 190] as const, ["SIGTERM", 65] as const],
  "is killed without a word": [],
};

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

async function begun(event: string): Promise<void> {
  while (!read(join(folder, "work.stdout")).includes(`"type":"${event}"`)) await wait(20);
}

const PHASES = {
  "while a provisioner runs": { seconds: 20, writeMs: 0, reached: () => begun("provision_start"), whole: false },
  "while the state is written": { seconds: 0, writeMs: 3_000, reached: () => backend.arrived("POST"), whole: true },
};

describe.each(Object.entries(PHASES))("%s", (_, { seconds, writeMs, reached, whole }) => {
  test.each(Object.entries(CANCELS))(
    "an action %s: terraform stores the state whole and releases its lock",
    async (_, signals) => {
      backend.settings.writeMs = writeMs;
      const { node, killed } = await apply(seconds);
      await reached();
      for (const [signal, pauseMs] of signals) {
        node.kill(signal);
        await wait(pauseMs);
      }
      node.kill("SIGKILL");
      await killed;

      const terraform = findDetached(folder, "work") as DetachedProcess;
      const told = ensureInterrupted(terraform);
      if (signals.length > 0) expect(["sent-before", "ended"]).toContain(told);
      else expect(told).toBe("sent");
      expect(await waitForEnd(terraform, { limitMs: 30_000 })).toBe(true);
      // Told while it works, terraform stores what it has at once, and the rest when it has stopped.
      const writes = backend.requests.filter(({ method }) => method === "POST");
      expect(writes.map(({ status }) => status)).toEqual(whole ? [200] : [200, 200]);
      expect(backend.state()?.["serial"]).toBe(writes.at(-1)?.serial);
      expect(backend.lock()).toBeUndefined();
      const resources = backend.state()?.["resources"] as readonly { name: string; instances: object[] }[];
      expect(resources.map(({ name }) => name)).toEqual(["first", "slow"]);
      const tainted = { status: "tainted" };
      if (whole) expect(resources[1]?.instances[0]).not.toMatchObject(tainted);
      else expect(resources[1]?.instances[0]).toMatchObject(tainted);
      const log = read(terraform.stdout);
      expect(log.match(/Interrupt received/g) ?? []).toHaveLength(1);
      expect(log).not.toContain("Two interrupts");
      expect(read(terraform.stderr)).toBe("");
    },
  );
});
