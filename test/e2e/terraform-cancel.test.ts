import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import {
  AZURERM_BACKEND,
  CONTAINER,
  keyOf,
  openTerraformScene,
  type Ran,
  type TerraformScene,
  TOKEN,
} from "./terraform-scene.ts";

jest.setTimeout(180_000);

/** GitHub's seconds (7.5 and 2.5) made shorter; what terraform does meanwhile takes longer than both. */
const SIGNALS = { interruptMs: 1_500, terminateMs: 500 };
const SLOW_MS = 4_000;

/** One resource that is done, one that takes long, one that waits for it. */
const CONFIGURATION = `${AZURERM_BACKEND}
resource "terraform_data" "done" { input = "stored" }
resource "terraform_data" "slow" {
  depends_on = [terraform_data.done]
  provisioner "local-exec" { command = "echo at work; exec sleep 30" }
}
resource "terraform_data" "late" { depends_on = [terraform_data.slow] }
`;
const QUICK = CONFIGURATION.replace("exec sleep 30", "exit 0");

/** A request to the state's blob in whose middle the job is cancelled. */
interface Moment {
  readonly name: string;
  readonly method: "GET" | "PUT";
  /** Of the request. */
  readonly query: RegExp;
  /** How many such requests go before it. */
  readonly after: number;
  /** What the state holds afterwards; undefined where terraform may or may not have begun. */
  readonly holds: readonly string[] | undefined;
}

const ALL = ["done", "late", "slow"];
const MOMENTS: readonly Moment[] = [
  { name: "init takes its lock", method: "PUT", query: /comp=lease/, after: 0, holds: [] },
  { name: "init gives back its lock", method: "PUT", query: /comp=lease/, after: 1, holds: [] },
  { name: "the plan takes its lock", method: "PUT", query: /comp=lease/, after: 2, holds: [] },
  { name: "the plan reads the state", method: "GET", query: /^$/, after: 4, holds: [] },
  { name: "the plan gives back its lock", method: "PUT", query: /comp=lease/, after: 3, holds: [] },
  { name: "the apply takes its lock", method: "PUT", query: /comp=lease/, after: 4, holds: undefined },
  { name: "the apply stores its state", method: "PUT", query: /^$/, after: 2, holds: ALL },
  { name: "the apply gives back its lock", method: "PUT", query: /comp=lease/, after: 5, holds: ALL },
];

describe("a cancelled terraform", () => {
  let scene: TerraformScene;
  beforeAll(async () => {
    scene = await openTerraformScene();
  });
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
  });

  const apply = (environment: string) => ({ command: "apply", environment, ...TOKEN });
  const expectClean = async (environment: string, ran: Ran, holds: Moment["holds"]): Promise<void> => {
    expect(scene.leased(keyOf(environment))).toBe(false);
    expect(scene.blobs().filter((name) => name.startsWith(`${keyOf(environment)}.`))).toEqual([]);
    expect(ran.orphans).toEqual([]);
    expect(ran.conclusion).toBe("cancelled");
    expect(scene.comments().at(-1)?.body).toMatch(/cancelled/i);
    expect(ran.post?.summary).toMatch(/cancelled/i);
    const state = (await scene.blob(keyOf(environment))) || '{"resources":[]}';
    const { resources } = JSON.parse(state) as { readonly resources: readonly { readonly name: string }[] };
    const names = resources.map(({ name }) => name).sort();
    expect(names).toEqual(holds ?? names.filter((name) => ALL.includes(name)));
  };

  test("in the middle of its work stores what it has done and gives back the lock", async () => {
    const workspace = await scene.workspace({ "main.tf": CONFIGURATION });
    const cancel = { when: ({ last }: { readonly last: { readonly text: string } }) => last.text.includes("at work") };
    const ran = await scene.terraform(apply("pr-1"), { workspace, cancel: { ...cancel, signals: SIGNALS } });
    await expectClean("pr-1", ran, ["done", "slow"]);
    expect(ran.outputs["failure-reason"]).toBe("cancelled-clean");
  });

  test.each(MOMENTS)("when $name, slower than GitHub waits, is waited for", async (moment) => {
    const { method, query, after, holds } = moment;
    const environment = `pr-${10 + MOMENTS.indexOf(moment)}`;
    const workspace = await scene.workspace({ "main.tf": QUICK });
    const button = new AbortController();
    const path = new RegExp(`/${CONTAINER}/${keyOf(environment)}$`);
    const run = async (): Promise<void> => {
      button.abort();
      await sleep(SLOW_MS);
    };
    scene.azure.faults.add(
      { name: "cancel", when: { method, path, query }, after, times: 1 },
      { kind: "meanwhile", run },
    );
    const ran = await scene.terraform(apply(environment), {
      workspace,
      cancel: { signal: button.signal, signals: SIGNALS },
    });
    expect(ran.main.signal).toBe("SIGKILL");
    await expectClean(environment, ran, holds);
  });
});
