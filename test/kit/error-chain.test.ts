import { describe, expect, test } from "@jest/globals";
import { codeOf, listClauses, renderError } from "../../src/kit/error-chain.ts";
import { UserError } from "../../src/kit/user-error.ts";

describe("the clauses of an error", () => {
  test("go from the outermost to the root cause", () => {
    const root = new Error("403 AuthorizationFailed");
    const middle = new Error("ARM refused the token", { cause: root });
    expect(listClauses(new UserError("push-denied", "Cannot push", { cause: middle }))).toEqual([
      "Cannot push",
      "ARM refused the token",
      "403 AuthorizationFailed",
    ]);
  });

  test("do not repeat a cause that a layer has quoted", () => {
    expect(listClauses(new Error("Cannot push: 403", { cause: new Error("403") }))).toEqual(["Cannot push: 403"]);
  });

  test("end when a chain bites its own tail", () => {
    const a = new Error("a");
    const b = new Error("b", { cause: a });
    a.cause = b;
    expect(listClauses(b)).toEqual(["b", "a"]);
  });

  test("end after eight of a chain without end", () => {
    let error = new Error("root");
    for (let depth = 0; depth < 30; depth += 1) error = new Error(`layer ${depth}.`, { cause: error });
    expect(listClauses(error)).toHaveLength(8);
  });

  test("say what each address answered when the error itself has no words", () => {
    const refused = new AggregateError([
      new Error("connect ECONNREFUSED ::1:443"),
      new Error("connect ECONNREFUSED 127.0.0.1:443"),
    ]);
    expect(listClauses(new TypeError("fetch failed", { cause: refused }))).toEqual([
      "fetch failed",
      "connect ECONNREFUSED ::1:443; connect ECONNREFUSED 127.0.0.1:443",
    ]);
  });

  test.each([
    ["a text", "a text", "a text"],
    ["nothing", undefined, undefined],
    ["an object", { status: 403 }, "{ status: 403 }"],
    ["an object without prototype", Object.create(null), "[Object: null prototype] {}"],
    ["an error without words", new RangeError(""), "RangeError"],
  ])("stand for %s that was thrown", (_, thrown, clause) => {
    expect(listClauses(thrown)[0]).toBe(clause);
  });
});

describe("what a person reads", () => {
  test("of a fault they can mend is what happened and why, without a stack", () => {
    const error = new UserError("x", "Cannot push", { cause: new Error("403") });
    expect(renderError(error)).toBe("Cannot push\n  because: 403");
  });

  test("of a fault of ours has the stack and the place to report it", () => {
    const text = renderError(new TypeError("x is not a function"));
    expect(text).toMatch(/^This is a fault in Mayfly, not in your workflow: x is not a function\n/);
    expect(text).toContain("error-chain.test.ts");
    expect(text).toMatch(/Report it with this log: https:\/\/github\.com\/\S+\/issues$/);
  });

  test("of something odd that was thrown is a fault of ours too", () => {
    expect(renderError("odd")).toMatch(/^This is a fault in Mayfly, not in your workflow: odd\n/);
  });
});

test("a code is stable for what the user can mend, and unexpected for the rest", () => {
  expect(codeOf(new UserError("no-id-token", "m"))).toBe("no-id-token");
  expect(codeOf(Object.assign(new Error("m"), { code: "ENOENT" }))).toBe("unexpected");
  expect(codeOf(undefined)).toBe("unexpected");
});
