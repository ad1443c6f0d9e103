import type { ExecOutcome } from "../../../kubernetes/pod-access.ts";
import { matchValue, tellMatcher } from "../../../smoke/match-value.ts";
import type { Exec } from "../../../smoke/spec/checks/exec.ts";
import type { Matcher } from "../../../smoke/spec/matcher.ts";
import { tellValue } from "../../../smoke/tell-value.ts";
import { lookInContainers, type Sight } from "../in-containers.ts";
import type { Checker } from "../look.ts";

/** Of what a command has printed. */
const LONGEST_QUOTE = 200;

/** Runs a command in every container that is found, again and again until it says what is expected in all of them. */
export const execChecker: Checker<"exec"> = {
  begin: (payload, scope) => ({
    look: () =>
      lookInContainers(payload, scope, tellExpected(payload), async ({ namespace, pod, container }) => {
        const { command } = payload;
        const order = { container, command, timeoutMs: Math.max(1, scope.left()), until: scope.until };
        const outcome = await scope.cluster.exec({ namespace, name: pod }, order);
        return judge(payload, outcome, scope.world.redact);
      }),
  }),
};

function tellExpected({ command: [program = ""], exitCode, stdout, stderr }: Exec): string {
  const parts = [
    `exit code ${exitCode}`,
    ...(stdout === undefined ? [] : [`stdout ${tellMatcher(stdout)}`]),
    ...(stderr === undefined ? [] : [`stderr ${tellMatcher(stderr)}`]),
  ];
  // Its arguments may hold secrets.
  return `${program}: ${parts.join(", ")}`;
}

function judge({ exitCode, stdout, stderr }: Exec, outcome: ExecOutcome, redact: (text: string) => string): Sight {
  const wrong = [
    outcome.exitCode === exitCode,
    matches(stdout, outcome.stdout, outcome),
    matches(stderr, outcome.stderr, outcome),
  ];
  const quoted = [
    ...quote("stdout", outcome.stdout, redact, stdout !== undefined || wrong.includes(false)),
    ...quote("stderr", outcome.stderr, redact, stderr !== undefined || wrong.includes(false)),
    ...(outcome.cut === true ? ["there was more than 1 MiB of it"] : []),
  ];
  return { holds: !wrong.includes(false), seen: [`exit code ${outcome.exitCode}`, ...quoted].join(", ") };
}

/** As a shell's `$(…)` has it: without the line feeds at the end. What nobody has read whole matches nothing. */
function matches(matcher: Matcher | undefined, text: string, { cut }: ExecOutcome): boolean {
  return matcher === undefined || (cut !== true && matchValue(matcher, text.replace(/\n+$/, "")));
}

function quote(stream: string, text: string, redact: (text: string) => string, wanted: boolean): readonly string[] {
  const said = redact(text).trim();
  return wanted && said !== "" ? [`${stream} ${tellValue(said, LONGEST_QUOTE)}`] : [];
}
