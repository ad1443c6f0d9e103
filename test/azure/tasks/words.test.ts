import { execFileSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readBuildFields, splitWords } from "./words.ts";

describe("the words of a line, as acb's own parser makes them", () => {
  test.each([
    ["  image  first\r\nsecond \n ", ["image", "first", "second"]],
    [`bash echo "hello world" 'single quoted' ""`, ["bash", "echo", "hello world", "single quoted", ""]],
    [`image pre"mid dle"'post fix'`, ["image", "premid dlepost fix"]],
    [`image "it's literal" 'say "hello"'`, ["image", "it's literal", `say "hello"`]],
    [`image hello\\ world say\\"hello\\" it\\'s`, ["image", "hello world", `say"hello"`, "it's"]],
    [`image one\\\\two first\\\\ second`, ["image", "one\\\\two", "first\\\\", "second"]],
    [`image \\q C:\\Windows trailing\\`, ["image", "\\q", "C:\\Windows", "trailing\\"]],
    [`image "say \\"hello\\"" "C:\\\\temp"`, ["image", `say "hello"`, "C:\\\\temp"]],
    [`image "line\\n dollar\\$"`, ["image", "line\\n dollar\\$"]],
    [`image 'C:\\Program Files\\'`, ["image", "C:\\Program Files\\"]],
    ["image $HOME $(id) `whoami` ; | && > * # ~", "image $HOME $(id) `whoami` ; | && > * # ~".split(" ")],
    ["image first\u00a0second", ["image", "first\u00a0second"]],
    ["", []],
  ])("%j", (line, words) => {
    expect(splitWords(line, "parser")).toEqual(words);
  });

  test.each([`image "`, "image 'a", `image "a\\"`, "image a\0b"])("refuses %j", (line) => {
    expect(() => splitWords(line, "parser")).toThrow(/failed to parse step command/);
  });
});

describe("the words of a line, as the shell of older versions makes them", () => {
  test("are those of a real shell, or none at all", () => {
    const piece = fc.constantFrom(
      "a",
      "b c",
      "'",
      '"',
      "\\",
      " ",
      "\t",
      "$",
      "`",
      ";",
      "=",
      "'x y'",
      '"p q"',
      "\\\\",
      "é",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const line = pieces.join("");
        let words: readonly string[];
        try {
          words = splitWords(line, "shell");
        } catch {
          return;
        }
        expect(words).toEqual(realShell(line));
      }),
      { numRuns: 150 },
    );
  }, 30_000);

  test("are not made where a shell would do more", () => {
    for (const line of ["a $HOME", 'a "$HOME"', "a; b", "a | b", "a > b", "a *", "a `b`", "a # b", "a\nb"]) {
      expect(() => splitWords(line, "shell")).toThrow(/the emulator does not run what a shell would make of/);
    }
  });

  test("are the same as the parser's for a word in single quotes, whatever it holds", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: "grapheme" }).filter((word) => !word.includes("\0")),
          { minLength: 1 },
        ),
        (words) => {
          const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
          expect(splitWords(line, "parser")).toEqual(words);
          expect(splitWords(line, "shell")).toEqual(words);
        },
      ),
    );
  });
});

describe("what acb reads out of a build line by blanks alone", () => {
  test("is the last Dockerfile, the tags, and the last word that no flag owns", () => {
    expect(readBuildFields("-t a:1 --tag b:2 -f x/Dockerfile --target prod --build-arg A=1 src")).toEqual({
      dockerfile: "x/Dockerfile",
      target: "prod",
      context: "src",
      tags: ["a:1", "b:2"],
      buildArgs: ["A=1"],
    });
    expect(readBuildFields(". -t a")).toMatchObject({ dockerfile: "Dockerfile", context: ".", target: undefined });
  });

  test("keeps quotes, splits what they hold, and does not see values behind an equals sign", () => {
    expect(readBuildFields("-f 'my file' --tag=a --build-arg=A --build-arg 'B=c d' --label 'x=y -t z' .")).toEqual({
      dockerfile: "'my",
      target: undefined,
      context: ".",
      tags: ["z'"],
      buildArgs: ["'B=c"],
    });
  });
});

/** The fields of a line as /bin/sh splits it; only for lines that ask nothing else of it. */
function realShell(line: string): readonly string[] {
  const script = `eval "set -- x $LINE"; for word; do printf '%s\\000' "$word"; done`;
  const output = execFileSync("/bin/sh", ["-c", script], { env: { LINE: line } }).toString();
  return output.split("\0").slice(1, -1);
}
