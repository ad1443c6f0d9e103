import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Part, parseTemplate, renderTemplate } from "../../src/smoke/template.ts";
import { anyCharacter } from "../any-character.ts";

describe("a text", () => {
  test.each<[string, readonly Part[]]>([
    ["", []],
    ["plain $5 and {a}", [{ text: "plain $5 and {a}" }]],
    ["${a}", [{ expression: "a" }]],
    [
      "http://${ host }:${port}/",
      [{ text: "http://" }, { expression: "host" }, { text: ":" }, { expression: "port" }, { text: "/" }],
    ],
    ["$${a}", [{ text: "${a}" }]],
    ["$$${a}", [{ text: "$" }, { expression: "a" }]],
    ["$$$${a}", [{ text: "$${a}" }]],
    ["$${{ secrets.a }}", [{ text: "${{ secrets.a }}" }]],
    ["${a[?b == '}'] | {c: d}}!", [{ expression: "a[?b == '}'] | {c: d}" }, { text: "!" }]],
    ['${a."x}\\""}', [{ expression: 'a."x}\\""' }]],
    ["${a}${b}", [{ expression: "a" }, { expression: "b" }]],
  ])("%j has the pieces %j", (text, parts) => {
    expect(parseTemplate(text)).toEqual({ parts });
  });

  test.each([
    ["${{ vars.x }}", /GitHub.*variables/],
    ["${a", /a } that closes/],
    ["${'}", /a } that closes/],
    ["${ }", /a name/],
  ])("%j is refused", (text, fault) => {
    expect(parseTemplate(text)).toEqual({ fault: expect.stringMatching(fault) });
  });
});

describe("pieces", () => {
  const letters = fc.string({ unit: fc.oneof(fc.constantFrom("$", "{", "}", "a"), anyCharacter), maxLength: 8 });
  const name = fc.stringMatching(/^[a-z_]{1,4}$/);

  test("of whatever text come back from what is rendered of them", () => {
    const pieces = fc.array(fc.record({ text: letters, name: fc.option(name) }), { maxLength: 6 });
    fc.assert(
      fc.property(pieces, (given) => {
        const parts: Part[] = [];
        for (const { text, name } of given) {
          const last = parts.at(-1);
          // Neighbouring texts are one.
          if (text !== "" && last !== undefined && "text" in last) parts.splice(-1, 1, { text: last.text + text });
          else if (text !== "") parts.push({ text });
          if (name !== null) parts.push({ expression: name });
        }
        expect(parseTemplate(renderTemplate(parts))).toEqual({ parts });
      }),
    );
  });
});
