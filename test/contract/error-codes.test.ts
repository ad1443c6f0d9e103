import { describe, expect, test } from "@jest/globals";
import { listErrorCodes } from "./error-codes.ts";
import { readTokens } from "./tokens.ts";

const ERROR = {
  path: "src/kit/user-error.ts",
  text: "export class UserError { constructor(code: string, text: string) {} }",
};
const IMPORT = 'import { UserError } from "./user-error.ts";\n';

/** What is read of one source that knows `UserError`. */
function read(text: string) {
  const { given, unread } = listErrorCodes([ERROR, { path: "src/kit/a.ts", text: `${IMPORT}${text}` }]);
  return { codes: [...given.keys()].sort(), unread };
}

/** Every way in which the sources give a code. */
const ways: readonly (readonly [string, string, readonly string[]])[] = [
  ["an error that is thrown", `throw new UserError("a-b", \`x \${y ? "c-d" : ""}\`);`, ["a-b"]],
  ["alternatives", 'new UserError(any ? "a-b" : other ? "c-d" : "e-f", "x");', ["a-b", "c-d", "e-f"]],
  ["a default", `new UserError(meaning?.code ?? "a-b", \`\${one}.\${two}\`);`, ["a-b"]],
  ["a type that is checked", 'new UserError("a-b" satisfies LoginCode, [1, 2].join());', ["a-b"]],
  ["a word without a hyphen", 'new UserError("cancelled", "x");', ["cancelled"]],
  ["a property", 'const one = { status, code: "a-b", words: /[,;]"\'`/ };', ["a-b"]],
  ["a variable", 'const code = cause instanceof UserError ? cause.code : "a-b";\nnew UserError(code, "x");', ["a-b"]],
  [
    "a list that is taken apart",
    'const [what, code] = ok ? ["One.", codeOf(a)] : ["Two.", b ? "a-b" : "c-d"];',
    ["a-b", "c-d"],
  ],
  [
    "a variable of another name",
    'const [first = "a-b"] = codes;\nnew UserError(codes.size === 1 ? first : "c-d", "x");',
    ["a-b", "c-d"],
  ],
  [
    "a function that takes one first",
    'const fail = (code: string, because: string): Fault => ({ code, because });\nfail("a-b", "x");',
    ["a-b"],
  ],
  [
    "an error of its own",
    'class Odd extends UserError { constructor(why: Why) { super(why.bad ? "a-b" : why.code, "x"); } }',
    ["a-b"],
  ],
  [
    "a function that is called for them",
    'function codeOf(e: Error): string { return e.code === "c-d" || "e-f" in e ? e.code : "a-b"; }',
    ["a-b"],
  ],
  ["a table", 'const CODES: Readonly<Record<Kind, Code>> = { one: "a-b", "not-this": "c-d" };', ["a-b", "c-d"]],
];

describe("a code is found", () => {
  test.each(ways)("as %s", (_, text, codes) => {
    expect(read(text)).toEqual({ codes, unread: [] });
  });

  test("behind the name of a function that another file exports", () => {
    const refuse = { path: "src/image/problem.ts", text: "export function refuse(code: Code, message: string) {}" };
    const call = 'import { type Parsed, refuse } from "../image/problem.ts";\nrefuse("a-b", "x");';
    const own = 'function refuse(wanted: string) {}\nrefuse("c-d");';
    const files = [refuse, { path: "src/kit/a.ts", text: call }, { path: "src/kit/b.ts", text: own }];
    expect([...listErrorCodes(files).given]).toEqual([["a-b", ["src/kit/a.ts:2"]]]);
  });
});

test.each([
  ["a registry's own code", 'throw new RegistryFault({ request, code: "no-token", said: "x" });'],
  [
    "a function that makes such a fault",
    'const fault = (code: string): RegistryFault => new RegistryFault({ code });\nfault("no-list");',
  ],
  ["a code of ARM's", 'return { code: "NoArmError", message };'],
  ["what something is compared with", 'if (error.code === "a-b") return;'],
  ["a comment", '// new UserError("a-b")\n/** code: "c-d" */'],
  ["a text", "const said = 'new UserError(\"a-b\")';"],
  ["a type", 'interface Finding { readonly code: string; readonly other?: "a-b" }'],
])("%s is none", (_, text) => {
  expect(read(text)).toEqual({ codes: [], unread: [] });
});

test.each([
  ["a code that is put together", `new UserError(\`\${kind}-failed\`, text);`],
  ["a code that is put together otherwise", 'new UserError("a-" + error.code, text);'],
  ["a variable that nobody knows", "new UserError(kind, text);"],
  ["a property that nobody knows", "const one = { code: kinds[kind] };"],
  ["a code in another form", 'new UserError("a_b", text);'],
  ["a code that begins with a capital letter", 'new UserError("Bad-input", text);'],
])("%s is told of", (_, text) => {
  expect(read(text).unread).toEqual([expect.stringMatching(/^src\/kit\/a\.ts:2: .*code/)]);
});

test("a source that is misread is told of", () => {
  expect(() => readTokens("const a = (1;")).toThrow("( of line 1 is alone");
  expect(() => readTokens("a\n]")).toThrow("] of line 2 is alone");
});
