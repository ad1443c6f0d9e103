import { describe, expect, test } from "@jest/globals";
import { once, oncePer } from "../../src/kit/once.ts";

describe("work that is done once", () => {
  test("begins with the first question, and answers all with the same", async () => {
    let count = 0;
    const ask = once(async () => {
      count += 1;
      return count;
    });
    expect(ask.begun()).toBe(false);
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    expect(await ask()).toBe(1);
    expect(ask.begun()).toBe(true);
  });

  test("is not tried again when it failed", async () => {
    let count = 0;
    const ask = once(async () => {
      count += 1;
      throw new Error(`try ${count}`);
    });
    await expect(ask()).rejects.toThrow("try 1");
    await expect(ask()).rejects.toThrow("try 1");
  });

  test("is done for each name apart", () => {
    const make = oncePer((name) => ({ name }));
    expect(make("a")).toBe(make("a"));
    expect(make("a")).not.toBe(make("b"));
  });
});
