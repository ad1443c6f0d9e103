import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { connectTool } from "../../../src/actions/terraform/connect-tool.ts";
import { tuneGo } from "../../../src/actions/terraform/go-environment.ts";

const SIXTEEN_GIGABYTES = 16 * 1_024 ** 3;

test("Go collects less often, up to half of the machine's memory", () => {
  expect(tuneGo({}, SIXTEEN_GIGABYTES)).toEqual({ GOGC: "400", GOMEMLIMIT: "8589934592" });
  expect(tuneGo({ GOGC: "", GOMEMLIMIT: "" }, 1_001)).toEqual({ GOGC: "400", GOMEMLIMIT: "500" });
});

test("what the job has set itself stays", () => {
  expect(tuneGo({ GOGC: "off" }, SIXTEEN_GIGABYTES)).toEqual({});
  expect(tuneGo({ GOGC: "50", GOMEMLIMIT: "1GiB" }, SIXTEEN_GIGABYTES)).toEqual({});
  expect(tuneGo({ GOMEMLIMIT: "1GiB" }, SIXTEEN_GIGABYTES)).toEqual({ GOGC: "400", GOMEMLIMIT: "1GiB" });
});

test("terraform is started with both, within the memory of this machine", async () => {
  const home = await mkdtemp(join(tmpdir(), "mayfly-go-"));
  const [folder, bin] = [join(home, "logs"), join(home, "bin")];
  for (const each of [folder, bin]) await mkdir(each);
  await writeFile(join(bin, "terraform-bin"), '#!/bin/sh\necho "$GOGC $GOMEMLIMIT $OWN"\n');
  await chmod(join(bin, "terraform-bin"), 0o755);
  const cancelled = new AbortController().signal;
  const open = connectTool({
    runner: { environment: { TERRAFORM_CLI_PATH: bin }, cancelled },
    logFolder: folder,
    prefix: "",
    whileItRuns: () => undefined,
  });
  const tool = await open("terraform", { folder: home, environment: { OWN: "kept" } });
  const { stdout } = await tool.run({ name: "version", parameters: [] });
  const [, percent, limit] = /^(\d+) (\d+) kept$/.exec(stdout) ?? [];
  expect(percent).toBe("400");
  // A container may have less than the machine.
  expect(Number(limit)).toBeGreaterThan(0);
  expect(Number(limit)).toBeLessThanOrEqual(totalmem() / 2);
  await rm(home, { recursive: true });
});
