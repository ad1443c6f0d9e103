import { expect, test } from "@jest/globals";
import { speakInTurn } from "../../scripts/demo/in-turn.ts";
import type { LogLine } from "../runner/job.ts";

const line = (text: string): LogLine => ({ kind: "plain", text, step: "", stage: "main", masked: false });

test("jobs that run side by side are heard one after the other, and each line once", () => {
  const heard: string[] = [];
  const open = speakInTurn((name) => {
    heard.push(`Job ${name}`);
    return ({ text }) => heard.push(text);
  });
  const [first, second, third] = ["a", "b", "c"].map(open);
  second?.line(line("b1"));
  first?.line(line("a1"));
  expect(heard).toEqual(["Job a", "a1"]);
  third?.line(line("c1"));
  third?.done();
  first?.line(line("a2"));
  first?.done();
  expect(heard).toEqual(["Job a", "a1", "a2", "Job b", "b1"]);
  second?.line(line("b2"));
  second?.done();
  expect(heard.slice(5)).toEqual(["b2", "Job c", "c1"]);
  open("d").line(line("d1"));
  expect(heard.slice(8)).toEqual(["Job d", "d1"]);
});
