import { expect, test } from "@jest/globals";
import { parseSelector } from "../../src/smoke/match-labels.ts";

const labels = { app: "api", "app.kubernetes.io/part-of": "shop", empty: "" };

test.each([
  ["app=api", true],
  ["app==api", true],
  ["app = api", true],
  ["app=web", false],
  ["app!=web", true],
  ["app!=api", false],
  ["tier!=cache", true],
  ["app", true],
  ["tier", false],
  ["!tier", true],
  ["!app", false],
  ["app in (web, api)", true],
  ["app in (web,db)", false],
  ["app notin (web)", true],
  ["tier notin (cache)", true],
  ["tier in ()", false],
  ["empty=", true],
  ["app.kubernetes.io/part-of=shop,app in (api),!tier", true],
  ["app=api,tier=front", false],
])("%s", (selector, fits) => {
  expect(parseSelector(selector)?.(labels)).toBe(fits);
});

test.each(["", "app=", "=api", "app=a b", "app in api", "app,,tier", "app>1", "app in (a", "-app=x"])(
  "%j is no selector, or one of an empty value",
  (selector) => {
    const fits = parseSelector(selector);
    expect(fits?.(labels) ?? false).toBe(false);
  },
);

test("a name of every object, such as constructor, is no label", () => {
  expect(parseSelector("constructor")?.({})).toBe(false);
  expect(parseSelector("!constructor")?.({})).toBe(true);
});
