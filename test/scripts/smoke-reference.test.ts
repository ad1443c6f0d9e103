import { describe, expect, test } from "@jest/globals";
import * as v from "valibot";
import { makeSmokeReference } from "../../scripts/generate/smoke/reference.ts";
import { CHECK_KINDS } from "../../src/smoke/spec/check-kinds.ts";

const { files, blocks } = makeSmokeReference();

describe("the tables of fields", () => {
  test("are there for each kind of check, with each of its fields and what it is for", () => {
    for (const [kind, schema] of Object.entries(CHECK_KINDS)) {
      const lines = (blocks.get(`smoke ${kind}`) ?? "").split("\n");
      for (const field of Object.keys(schema.entries)) {
        expect(lines).toContainEqual(
          expect.stringMatching(new RegExp(`^\\| \`${field}\` \\| [A-Z\`].+ \\| \\S.* \\| .*\\|$`)),
        );
      }
    }
  });

  test("say which fields have to be given, and what stands for those that are not", () => {
    expect(blocks.get("smoke http")).toMatch(/^\| `url` \|.*\| text \| _required_ \|$/m);
    expect(blocks.get("smoke http")).toMatch(/^\| `method` \|.*\| `GET`, .*\| `GET` \|$/m);
    expect(blocks.get("smoke http")).toMatch(/^\| `captures\.\*\.header` \|/m);
    expect(blocks.get("smoke http")).toMatch(/\n\nAt least one of `status`, .*\.$/);
    expect(blocks.get("smoke limits")).toContain("Exactly one of `pod`, `selector`, `workload`.");
    expect(blocks.get("smoke metrics")).toMatch(/^\| `samples\[\]\.name` \|/m);
  });

  test("describe every field of the grammar", () => {
    const bare = [...blocks.values()].flatMap((table) =>
      table.split("\n").filter((line) => /^\| `[^|]+` \|\s*\|/.test(line)),
    );
    expect(bare).toEqual([]);
  });
});

test("the schema tells editors what every field is for", () => {
  const schema = JSON.parse([...files.values()].join()) as {
    readonly $defs: Record<string, { readonly properties?: object }>;
  };
  const silent = Object.keys(CHECK_KINDS).flatMap((kind) =>
    Object.entries(schema.$defs[kind]?.properties ?? {}).flatMap(([name, field]) =>
      v.is(v.looseObject({ description: v.string() }), field) ? [] : [`${kind}.${name}`],
    ),
  );
  expect(silent).toEqual([]);
});
