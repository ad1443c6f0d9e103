import { describe, expect, test } from "@jest/globals";
import { yamlBlock } from "../../src/kit/yaml-block.ts";

const { read } = yamlBlock({ description: "" });

describe("numbers in a block of YAML", () => {
  test("come out as they went in", () => {
    expect(read("port: 8080\nshare: 0.25\nmost: 9007199254740991\nquoted: '12345678901234567890'")).toEqual({
      ...{ port: 8080, share: 0.25, most: 9007199254740991 },
      quoted: "12345678901234567890",
    });
  });

  test.each(["12345678901234567890", "-9007199254740993", "[1, { a: 9007199254740992 }]", ".inf", ".nan", "1e400"])(
    "that would not are refused: %s",
    (value) => {
      expect(() => read(`pin: ${value}`)).toThrow("in quotes");
    },
  );
});
