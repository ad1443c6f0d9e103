import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Layout, layoutOf } from "../layout.ts";
import { identityOf } from "../node/processes.ts";
import { type Attachment, addAttachment, chooseAttachment, listAttachments } from "./attachments.ts";

const proxyAt = (port: number) => ({ url: `http://127.0.0.1:${port}`, ca: `authority of ${port}` });
const attachment = (at: number, rest: Partial<Attachment> = {}): Attachment => ({
  owner: `1@${at}`,
  at,
  proxy: proxyAt(at),
  ...rest,
});
const chosen = (all: readonly Attachment[], host: string) => chooseAttachment(all, host)?.at;

describe("the emulator for a host", () => {
  test("is the one that names the registry, whoever came later", () => {
    const all = [
      attachment(3),
      attachment(2, { registries: ["b.azurecr.io"] }),
      attachment(1, { registries: ["a.azurecr.io"] }),
    ];
    expect(chosen(all, "a.azurecr.io")).toBe(1);
    expect(chosen(all, "b.azurecr.io")).toBe(2);
    expect(chosen(all, "c.azurecr.io")).toBe(3);
  });

  test("is none when all name other registries", () => {
    expect(chosen([attachment(1, { registries: ["a.azurecr.io"] })], "c.azurecr.io")).toBeUndefined();
  });

  test("is the latest for what is no registry", () => {
    const all = [attachment(2, { registries: ["b.azurecr.io"] }), attachment(1)];
    expect(chosen(all, "")).toBe(2);
  });

  test("is never one that only vouches for a tenant", () => {
    const { proxy: _, ...trust } = attachment(2);
    expect(chosen([trust, attachment(1)], "a.azurecr.io")).toBe(1);
  });
});

describe("attachments", () => {
  let home: string;
  let layout: Layout;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "mayfly-door-"));
    layout = layoutOf(home, 0);
    for (const folder of [layout.attachments, layout.certificates, dirname(layout.registryAuthorities)]) {
      await mkdir(folder, { recursive: true });
    }
    await writeFile(join(layout.certificates, "ca.crt"), "own authority");
  });

  afterEach(() => rm(home, { recursive: true, force: true }));

  test("count as long as their process lives, and are gone when they are disposed of", async () => {
    const dead: Attachment = { owner: `${process.pid}@1`, at: 1, proxy: proxyAt(1) };
    await writeFile(join(layout.attachments, "dead.json"), JSON.stringify(dead));
    const added = await addAttachment(layout, { proxy: proxyAt(9) });
    expect(listAttachments(layout)).toMatchObject([{ owner: identityOf(process.pid), proxy: proxyAt(9) }]);
    expect(readdirSync(layout.attachments)).toHaveLength(1);
    await added[Symbol.asyncDispose]();
    expect(listAttachments(layout)).toEqual([]);
  });

  test("are trusted by the node as long as they are there", async () => {
    const first = await addAttachment(layout, { proxy: proxyAt(8) });
    const second = await addAttachment(layout, { proxy: proxyAt(9) });
    const trusted = () => readFileSync(layout.registryAuthorities, "utf8").split("\n").sort();
    expect(trusted()).toEqual(["authority of 8", "authority of 9", "own authority"]);
    await first[Symbol.asyncDispose]();
    expect(trusted()).toEqual(["authority of 9", "own authority"]);
    await second[Symbol.asyncDispose]();
    expect(trusted()).toEqual(["own authority"]);
  });
});
