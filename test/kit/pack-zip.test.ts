import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { packZip } from "../../src/kit/pack-zip.ts";
import { readZip } from "../azure/aks/unzip.ts";

const files = fc.uniqueArray(
  fc.record({ name: fc.stringMatching(/^[a-z]{1,8}\/[\wé]{1,12}$/), content: fc.string() }),
  {
    selector: ({ name }) => name,
  },
);

test("whatever goes in comes out, with its name", () => {
  fc.assert(
    fc.property(files, (given) => {
      const found = readZip(Buffer.from(packZip(given)));
      expect(found.map(({ name, bytes }) => ({ name, content: bytes.toString() }))).toEqual(given);
    }),
    { numRuns: 50 },
  );
});

test("python's zipfile finds nothing wrong with it, and takes the files out", () => {
  const folder = mkdtempSync(join(tmpdir(), "mayfly-zip-"));
  try {
    const big = "a line\n".repeat(10_000);
    writeFileSync(
      join(folder, "a.zip"),
      packZip([
        { name: "ask/1.é", content: big },
        { name: "b", content: "" },
      ]),
    );
    const code = "import zipfile; z = zipfile.ZipFile('a.zip'); assert z.testzip() is None; z.extractall()";
    execFileSync("python3", ["-c", code], { cwd: folder });
    expect(readFileSync(join(folder, "ask/1.é"), "utf8")).toBe(big);
    expect(statSync(join(folder, "b")).size).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
