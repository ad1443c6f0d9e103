import { describe, expect, test } from "@jest/globals";
import { renderRoleLine } from "../../src/actions/acr-import/roles.ts";
import { explainStorageRefusal } from "../../src/azure/storage-refusal.ts";
import { HELM_CODES } from "../../src/helm/helm-codes.ts";
import { explainDenial } from "../../src/image/denial.ts";
import { IMAGE_CODES } from "../../src/image/image-codes.ts";
import { LOGIN_CODES } from "../../src/oidc/login-codes.ts";
import { CAUSE_CODES } from "../../src/rollout/cause-codes.ts";
import { listErrorCodes } from "./error-codes.ts";
import { listSources, readSource } from "./repository.ts";

const PAGE = "docs/troubleshooting.md";
/**
 * Codes that never get out as `error-code`: whoever meets them tells of them under a code of his own, as `from` does
 * (`image-not-found`), a list of pushed images (`pushed-images-invalid`), `acr-import` (`bad-input`), the policies of
 * `terraform` (`policy-denied`) and `helm-deploy` (`bad-input`, `chart-render-failed`).
 */
const RETOLD = [
  ...["image-reference-invalid", "ttl-tags-invalid"],
  ...["chart-reference-invalid", "image-values-invalid", "manifest-unreadable"],
];

const page = readSource(PAGE);
const paths = listSources([".ts"]).filter((path) => path.startsWith("src/"));
const sources = paths.map((path) => ({ path, text: readSource(path) }));
const { given, unread } = listErrorCodes(sources);

/** Each entry of the page, its code first. */
const entries = page
  .split(/^### (?!Causes: )/m)
  .slice(1)
  .map((entry) => ({
    code: /^`([^`\n]+)`\n/.exec(entry)?.[1] ?? entry.slice(0, 30),
    text: entry.split(/^## /m)[0] ?? "",
  }));
const explained = entries.map(({ code }) => code);

describe("the troubleshooting page", () => {
  test("has an entry for every code that a source gives, and knows each one", () => {
    expect(unread).toEqual([]);
    const missing = [...given].filter(([code]) => !explained.includes(code) && !RETOLD.includes(code));
    expect(missing.map(([code, places]) => `${code} of ${places.join(", ")} has no entry in ${PAGE}`)).toEqual([]);
    // Fewer would mean that the sources were not read.
    expect(given.size).toBeGreaterThan(100);
  });

  test("has no entry that no source gives", () => {
    expect(explained.filter((code) => !given.has(code) || RETOLD.includes(code))).toEqual([]);
  });

  test("has each entry once, with a sentence in it", () => {
    expect(explained.filter((code, index) => explained.indexOf(code) !== index)).toEqual([]);
    expect(entries.filter(({ text }) => !/\n\n[A-Z`].{20,}[.:]/.test(text)).map(({ code }) => code)).toEqual([]);
  });

  test("is about codes that are given, where a table promises them", () => {
    const promised = [LOGIN_CODES, IMAGE_CODES, HELM_CODES].flatMap((codes) => Object.keys(codes));
    expect(promised.filter((code) => !given.has(code))).toEqual([]);
    expect(RETOLD.filter((code) => !given.has(code))).toEqual([]);
  });

  test("explains each cause of a failed rollout in one row, and no other", () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+\/[a-z-]+)` \| [^|]{8,} \| [^|]{8,} \|$/gm)].map(([, cause]) => cause);
    expect(rows.toSorted()).toEqual(CAUSE_CODES.toSorted());
  });

  test("gives roles by the lines that the actions print", () => {
    const lines = [...page.matchAll(/^az role assignment create .*$/gm)].map(([line]) => line);
    const printed = (["push", "delete"] as const).flatMap((need) =>
      (["legacy", "abac"] as const).flatMap((mode) => {
        const unknown = { said: "", principalId: undefined, registryId: undefined };
        return explainDenial({ host: "mayfly.azurecr.io", repository: "team/app", need, mode, ...unknown }).commands;
      }),
    );
    const imported = renderRoleLine("CLIENT", "REGISTRY")
      .replace("CLIENT", "<client-id>")
      .replace("REGISTRY", "<registry-id>");
    const refused = Object.assign(new Error(), { statusCode: 403, code: "AuthorizationPermissionMismatch" });
    const place = { account: "mayflystate", container: "tfstate", host: "mayflystate.blob.core.windows.net" };
    const [, stored] = /^ *(az role assignment .*)$/m.exec(explainStorageRefusal("", refused, place).message) ?? [];
    expect(new Set(lines)).toEqual(new Set([...printed, imported, stored]));
  });
});
