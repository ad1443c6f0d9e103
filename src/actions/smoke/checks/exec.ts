import type { ExecOutcome } from "../../../kubernetes/pod-access.ts";
import { matchValue, tellMatcher } from "../../../smoke/match-value.ts";
import type { Exec } from "../../../smoke/spec/checks/exec.ts";
import type { Matcher } from "../../../smoke/spec/matcher.ts";
import { tellValue } from "../../../smoke/tell-value.ts";
import { type ContainerLook, lookInContainers } from "../in-containers.ts";
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

function judge(
  { exitCode, stdout, stderr }: Exec,
  outcome: ExecOutcome,
  redact: (text: string) => string,
): ContainerLook {
  const matching = [matches(stdout, outcome.stdout), matches(stderr, outcome.stderr)];
  const holds = outcome.exitCode === exitCode && matching.every((each) => each);
  // What nobody has read whole may say anything.
  const unread = outcome.cut === true && outcome.exitCode === exitCode && (stdout ?? stderr) !== undefined;
  const quoted = [
    ...quote("stdout", outcome.stdout, redact, stdout !== undefined || !holds),
    ...quote("stderr", outcome.stderr, redact, stderr !== undefined || !holds),
    ...(unread ? ["there was more than can be read of it"] : []),
  ];
  const seen = [`exit code ${outcome.exitCode}`, ...quoted].join(", ");
  return { state: unread ? "unseen" : holds ? "holds" : "not-yet", seen };
}

/** As a shell's `$(…)` has it: without the line feeds at the end. */
function matches(matcher: Matcher | undefined, text: string): boolean {
  return matcher === undefined || matchValue(matcher, text.replace(/\n+$/, ""));
}

function quote(stream: string, text: string, redact: (text: string) => string, wanted: boolean): readonly string[] {
  const said = redact(text).trim();
  return wanted && said !== "" ? [`${stream} ${tellValue(said, LONGEST_QUOTE)}`] : [];
}
