import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { ENTRA_MEANINGS } from "../../src/oidc/entra-codes.ts";
import { LOGIN_CODES } from "../../src/oidc/login-codes.ts";

const page = readFileSync(new URL("../../docs/troubleshooting.md", import.meta.url), "utf8");

/** Each entry of the page by its code. */
const entries = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((entry): [string, string] => [/^`([a-z-]+)`$/m.exec(entry)?.[1] ?? entry.split("\n")[0] ?? "", entry]),
);

describe("the troubleshooting page", () => {
  test.each(["bad-input", "unexpected", ...Object.keys(LOGIN_CODES)])(
    "has an entry for %s, with words in it",
    (code) => {
      expect(entries.get(code)?.split("\n").slice(1).join("").trim()).toMatch(/\w{3}/);
    },
  );

  test.each(Object.entries(ENTRA_MEANINGS))("names AADSTS%s where its code is explained", (aadsts, { code }) => {
    expect(entries.get(code)).toMatch(new RegExp(`AADSTS${aadsts}\\b`));
  });

  test("has each entry once", () => {
    expect(page.match(/^### /gm)).toHaveLength(entries.size);
  });
});
