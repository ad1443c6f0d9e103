import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { terraformQuote } from "../../../src/paste/quote.ts";
import type { Json } from "../../../src/terraform/exact-json.ts";
import { readTfvars, renderTfvarsJson } from "../../../src/terraform/tfvars.ts";
import { anyCharacter } from "../../any-character.ts";
import { identifier } from "./hcl.ts";

const value = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: anyCharacter }).map((text) => text.toWellFormed()),
    fc.constantFrom(`\${x}`, `$\${x}`, "%{ if }", "$", "${", 'a "b" \\', "l1\nl2"),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z $.{"]{1,4}$/), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;
const variables = fc.dictionary(identifier, value, { maxKeys: 4, noNullPrototype: true });

/** As somebody would write it by hand. */
function write(json: Json): string {
  if (typeof json === "string") return terraformQuote(json);
  if (Array.isArray(json)) return `[\n${json.map((one) => `${write(one)}, # a comment\n`).join("")}]`;
  if (typeof json !== "object" || json === null) return JSON.stringify(json);
  return `{\n${Object.entries(json)
    .map(([name, one]) => `  ${terraformQuote(name)} ${name.length % 2 === 0 ? "=" : ":"} ${write(one)}\n`)
    .join("")}}`;
}

describe("the values of a file of variables", () => {
  test("are read as they were written, in HCL", () => {
    fc.assert(
      fc.property(variables, (values) => {
        const text = Object.entries(values)
          .map(([name, one]) => `${name} = ${write(one)}\n`)
          .join("/* between */\n");
        expect(readTfvars(text, "x.tfvars")).toEqual(values);
      }),
    );
  });

  test("are read as they were rendered, in JSON", () => {
    fc.assert(
      fc.property(variables, (values) => {
        expect(readTfvars(renderTfvarsJson(values), "mayfly.tfvars.json")).toEqual(values);
      }),
    );
  });

  test("keep the digits of long numbers", () => {
    expect(renderTfvarsJson({ n: 12345678901234567890n })).toBe('{"n":12345678901234567890}\n');
    expect(JSON.stringify(readTfvars("n = -12345678901234567890", "a.tfvars"))).toBe('{"n":-12345678901234567890}');
  });

  test("may be documents", () => {
    expect(readTfvars("a = <<-EOT\n    two\n      three\n\n    EOT\nb = 1\n", "a.tfvars")).toEqual({
      a: "two\n  three\n\n",
      b: 1,
    });
    expect(readTfvars(`a = <<EOT\n  $\${one} }\nEOT\nb = 1`, "a.tfvars")).toEqual({ a: `  \${one} }\n`, b: 1 });
  });

  test("that must be computed are left out, and the others stay", () => {
    const text = `a = "x\${1 + 1}"\nb = upper("x")\nc = [1, var.x]\nd = "kept"\n`;
    expect(readTfvars(text, "a.tfvars")).toEqual({ d: "kept" });
    expect(readTfvars('{"a": 1', "a.tfvars.json")).toEqual({});
    expect(readTfvars("a = {\nb = [", "a.tfvars")).toEqual({});
  });
});
