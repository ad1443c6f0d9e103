import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectRecord, readRecord } from "../../../src/actions/terraform/connect-record.ts";
import { parseRecord } from "../../../src/actions/terraform/record.ts";
import { act } from "./act.ts";
import { createShop } from "./shop.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mayfly-record-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (begun: boolean) => {
  const warnings: string[] = [];
  const log = { warning: (line: string) => void warnings.push(line) };
  return { warnings, record: connectRecord(folder, { redact: (text) => text, log }, begun) };
};
const aRecord = async () => parseRecord((await act(createShop(), { command: "plan" })).world.records.at(-1) ?? "");
/** As a full disk, for whoever is root, too. */
const spoil = () => mkdir(join(folder, "record.json.new"), { recursive: true });

describe("where the run is", () => {
  test("is found by post as it was written last", async () => {
    const { record } = open(false);
    record({ ...(await aRecord()), dataFolder: "/one" });
    record({ ...(await aRecord()), dataFolder: "/two" });
    expect(parseRecord((await readRecord(folder)) ?? "").dataFolder).toBe("/two");
  });

  test("is found wherever a kill has come between two of them", async () => {
    expect(await readRecord(folder)).toBeUndefined();
    const { record } = open(false);
    record({ ...(await aRecord()), dataFolder: "/one" });
    const [path, draft] = [join(folder, "record.json"), join(folder, "record.json.new")];
    // In the middle of the writing.
    await writeFile(draft, '{"story":');
    expect(parseRecord((await readRecord(folder)) ?? "").dataFolder).toBe("/one");
    // Written, and not in the place of the old one yet.
    await rename(path, draft);
    expect(parseRecord((await readRecord(folder)) ?? "").dataFolder).toBe("/one");
    record({ ...(await aRecord()), dataFolder: "/two" });
    expect(parseRecord((await readRecord(folder)) ?? "").dataFolder).toBe("/two");
  });

  test("has to be written before anything is done", async () => {
    const { record } = open(false);
    await spoil();
    const given = await aRecord();
    expect(() => record(given)).toThrow("Nothing was done");
  });

  test("stays as it was where the disk fills up later, which is a warning and no end of the run", async () => {
    const { record, warnings } = open(false);
    const given = await aRecord();
    record({ ...given, dataFolder: "/one" });
    await spoil();
    record({ ...given, dataFolder: "/two" });
    record({ ...given, dataFolder: "/three" });
    expect(parseRecord(await readFile(join(folder, "record.json"), "utf8")).dataFolder).toBe("/one");
    expect(warnings).toHaveLength(1);
  });

  test("need not be written by post", async () => {
    await writeFile(join(folder, "record.json"), "{}");
    const { record, warnings } = open(true);
    await spoil();
    record(await aRecord());
    expect(warnings).toHaveLength(1);
  });
});
