import { describe, expect, test } from "@jest/globals";
import { type BuildLog, createBuildLog } from "../../src/image/build-log.ts";
import { findInstructionLine } from "../../src/image/instruction-line.ts";

/** Reads a log whose lines come 100 ms apart. */
function read(text: string): BuildLog {
  const log = createBuildLog();
  for (const [index, line] of text.split("\n").entries()) log.read(line, index * 100);
  return log;
}

const FAILED = `#0 building with "mayfly" instance using remote driver

#1 [internal] load build definition from Dockerfile
#1 DONE 0.0s

#4 [base 1/2] COPY busybox /bin/busybox
#4 CACHED

#6 [stage-1 1/1] RUN echo hello &&   sleep 1 &&   echo boom >&2 && false
#6 0.202 hello
#6 1.203 boom
#6 ERROR: process "/bin/sh -c echo hello" did not complete successfully: exit code: 1
------
 > [stage-1 1/1] RUN echo hello &&   sleep 1 &&   echo boom >&2 && false:
0.202 hello
1.203 boom
------
Dockerfile:7
--------------------
   6 |     ARG X=1
   7 | >>> RUN echo hello && \\
   8 | >>>   sleep 1 && \\
--------------------
ERROR: failed to build: failed to solve: process "/bin/sh -c echo hello" did not complete successfully: exit code: 1`;

describe("BuildKit's log", () => {
  test("tells steps with their times, and leaves out what is BuildKit's own", () => {
    const { steps } = read(FAILED);
    expect(steps().map(({ name, outcome }) => [name.slice(0, 20), outcome])).toEqual([
      ["[base 1/2] COPY busy", "cached"],
      ["[stage-1 1/1] RUN ec", "failed"],
    ]);
    expect(steps()[1]).toMatchObject({ startedMs: 800, finishedMs: 1100 });
  });

  test("tells what failed, at which line, and what it printed", () => {
    expect(read(FAILED).fault()).toEqual({
      message: 'process "/bin/sh -c echo hello" did not complete successfully: exit code: 1',
      line: 7,
      instruction: undefined,
      lastLines: ["0.202 hello", "1.203 boom"],
      base: undefined,
    });
  });

  test("tells a mistake in the Dockerfile at its line", () => {
    const log = read(`#1 [internal] load build definition from Bad
#1 DONE 0.0s
docker/Bad:2
--------------------
   2 | >>> COPI busybox /bin/busybox
--------------------
ERROR: failed to build: failed to solve: dockerfile parse error on line 2: unknown instruction: COPI (did you mean COPY?)`);
    expect(log.fault()).toMatchObject({
      message: "dockerfile parse error on line 2: unknown instruction: COPI (did you mean COPY?)",
      line: 2,
      lastLines: [],
    });
  });

  test("tells a push that failed, which has no line", () => {
    const log = read(`#7 exporting to image
#7 exporting layers done
#7 ERROR: failed to push r.example/a/b: unexpected status from HEAD request: 403 Forbidden
------
 > exporting to image:
------
ERROR: failed to build: failed to solve: failed to push r.example/a/b: unexpected status from HEAD request: 403 Forbidden`);
    expect(log.fault()).toMatchObject({
      message: "failed to push r.example/a/b: unexpected status from HEAD request: 403 Forbidden",
      line: undefined,
    });
    expect(log.steps()).toEqual([{ name: "exporting to image", startedMs: 0, finishedMs: 200, outcome: "failed" }]);
  });

  test("blames no step that was only stopped when another one failed", () => {
    const log = read(`#6 [b 1/1] RUN echo fine && sleep 3
#7 [c 1/1] RUN exit 1
#6 0.153 fine
#6 CANCELED
#7 ERROR: process "/bin/sh -c exit 1" did not complete successfully: exit code: 1`);
    expect(log.steps().map(({ name, outcome }) => [name, outcome])).toEqual([["[c 1/1] RUN exit 1", "failed"]]);
  });

  test("takes what a step prints for nothing else", () => {
    const log = read(`#6 [1/1] RUN make
#6 0.1 ERROR: not ours
#6 0.2 Step 9/9 : RUN fake
#6 0.3 ------
#6 DONE 0.4s`);
    expect(log.steps()).toEqual([{ name: "[1/1] RUN make", startedMs: 0, finishedMs: 400, outcome: "done" }]);
  });
});

const CLASSIC = `Sending build context to Docker daemon  1.989MB
Step 1/3 : FROM scratch AS base
 ---> 
Step 2/3 : COPY busybox /bin/busybox
 ---> Using cache
 ---> 1fe356e128b7
Step 3/3 : RUN echo hello && false
 ---> Running in 9a3ccf448eb2
hello
DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
            BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0
            environment-variable.
`;

describe("the classic builder's log", () => {
  test("tells steps, and the instruction that failed", () => {
    const log = read(`${CLASSIC}\nThe command '/bin/sh -c echo hello && false' returned a non-zero code: 1`);
    expect(log.steps().map(({ name, outcome }) => [name, outcome])).toEqual([
      ["[1] FROM scratch AS base", "done"],
      ["[2] COPY busybox /bin/busybox", "cached"],
      ["[3] RUN echo hello && false", "failed"],
    ]);
    expect(log.fault()).toMatchObject({
      message: "The command '/bin/sh -c echo hello && false' returned a non-zero code: 1",
      instruction: 3,
      lastLines: [" ---> Running in 9a3ccf448eb2", "hello"],
    });
  });

  test("whose last word is no known error is told by that word", () => {
    const said = 'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused';
    expect(
      read(`Step 1/2 : FROM 127.0.0.1:1/none:1\n${CLASSIC.split("\n").slice(-4).join("\n")}\n${said}`).fault(),
    ).toMatchObject({ message: said, instruction: 1 });
  });

  test("tells a mistake in the Dockerfile at its line", () => {
    const log = read("Error response from daemon: dockerfile parse error line 3: unknown instruction: RUNN");
    expect(log.fault()).toMatchObject({ line: 3, message: "dockerfile parse error line 3: unknown instruction: RUNN" });
  });

  test("that ended well has no failed step", () => {
    const log = read("Step 1/1 : FROM scratch\nSuccessfully built 321fadf893e3");
    expect(log.steps().map(({ outcome }) => outcome)).toEqual(["done"]);
  });
});

describe("an image that cannot be had", () => {
  test.each([
    [
      "BuildKit's look at it",
      "#2 [internal] load metadata for ghcr.io/octo/base:1\n#2 ERROR: pull access denied",
      "ghcr.io/octo/base:1",
    ],
    ["BuildKit's pull of it", "#4 [stage-1 1/2] FROM ghcr.io/octo/base:1\n#4 ERROR: EOF", "ghcr.io/octo/base:1"],
    [
      "the classic builder",
      "Step 1/2 : FROM --platform=linux/amd64 base:1 AS x\nmanifest for base:1 not found",
      "base:1",
    ],
    ["nothing: the build has begun", "Step 1/2 : FROM base:1\n ---> 1\nStep 2/2 : RUN x\nnot found", undefined],
    ["nothing: another step failed", "#4 [1/2] FROM base:1\n#4 DONE 0.1s\n#5 [2/2] RUN x\n#5 ERROR: x", undefined],
  ])("is told by %s", (_, log, base) => {
    expect(read(log).fault().base).toBe(base);
  });
});

describe("ACR Tasks' log", () => {
  test("is read through the times before its lines", () => {
    const log = read(`2026/11/21 10:00:00 Launching container with name: build
#5 [1/1] COPY . /
#5 DONE 0.1s
2026/11/21 10:00:02 failed to run step ID: push: exit status 1`);
    expect(log.steps()).toHaveLength(1);
    expect(log.fault().message).toBe("failed to run step ID: push: exit status 1");
  });
});

describe("an instruction's line", () => {
  test("counts as the classic builder does", () => {
    const text = "# comment\nFROM scratch AS base\n\nCOPY a \\\n  b /\nFROM base\nRUN x\n";
    expect([1, 2, 3, 4, 5].map((number) => findInstructionLine(text, number))).toEqual([2, 4, 6, 7, undefined]);
  });
});
