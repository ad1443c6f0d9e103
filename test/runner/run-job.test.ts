// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub, not of JavaScript
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { runJob } from "./run-job.ts";

const repositoryRoot = join(import.meta.dirname, "fixtures");

describe("a job", () => {
  test("runs pre, main and post of an action around the other steps, posts last in first out", async () => {
    const result = await runJob({
      repositoryRoot,
      steps: [
        {
          id: "one",
          uses: "$/actions/probe",
          with: { main: "say(1); put('OUTPUT', 'a=b\\n'); put('STATE', 'k=v\\n')", post: "say(env.STATE_k)" },
        },
        { id: "two", uses: "$/actions/probe", with: { main: "process.exit(3)" } },
        { id: "skipped", run: "echo never" },
        { id: "always", if: "always()", run: "echo ${{ steps.one.outputs.a }}; pwd; env | sort" },
      ],
      outputs: { a: "${{ steps.one.outputs.a }}" },
    });
    expect(result.steps.map((s) => [s.id, s.stage, s.conclusion])).toEqual([
      ["one", "pre", "success"],
      ["two", "pre", "success"],
      ["one", "main", "success"],
      ["two", "main", "failure"],
      ["skipped", "main", "skipped"],
      ["always", "main", "success"],
      ["two", "post", "success"],
      ["one", "post", "success"],
    ]);
    expect(result.outputs).toEqual({ a: "b" });
    expect(result.conclusion).toBe("failure");
  });
});
