import type { CauseCode } from "../cause-codes.ts";
import type { Container } from "../container.ts";
import type { Pod } from "../pod.ts";
import { refOf } from "../seen.ts";
import { isOverdue, type Look, logOf, makeContainerSign, makeSign, type Sign } from "./sign.ts";

const FAILING = new Set(["RunContainerError", "CreateContainerError", "PostStartHookError", "PreStartHookError"]);
const ENDED = new Set(["StartError", "ContainerCannotRun"]);

/** A container that never came to run: no such command, another platform's program, a hook that failed. */
export function readStartSign(pod: Pod, container: Container): Sign | undefined {
  const said = findText(container);
  if (said === undefined) return undefined;
  const { cause: causeCode, ...told } = explainStart(said);
  return makeContainerSign(causeCode, pod, container, {
    ...told,
    // The runtime was busy, or still holds the name of the run before: it tries again.
    fatal: !/context deadline exceeded|is reserved for|failed to reserve/i.test(said),
    said,
    logs: causeCode === "container-start/failed" ? [logOf(pod, container)] : [],
  });
}

/** Says what the runtime told of a start; undefined where the container was started. */
function findText({ state, last }: Container): string | undefined {
  if (state.kind === "waiting" && FAILING.has(state.reason)) {
    return state.message || last?.message || state.reason;
  }
  const ended = state.kind === "ended" ? state : state.kind === "waiting" ? last : undefined;
  if (ended === undefined) return undefined;
  if (ENDED.has(ended.reason)) return ended.message || ended.reason;
  return /exec format error/i.test(ended.message) ? ended.message : undefined;
}

interface Fault {
  readonly cause: CauseCode;
  readonly says: string;
  readonly fix: string;
}

function explainStart(said: string): Fault {
  if (/exec format error/i.test(said)) {
    return {
      cause: "container-start/wrong-platform",
      says: "is a program for another platform than the node's",
      fix: "build the image for the nodes' platform: platforms: linux/amd64,linux/arm64",
    };
  }
  const [, command = ""] = /exec: "((?:\\.|[^"\\])*)"/.exec(said) ?? [];
  if (/no such file or directory|executable file not found|no command specified/i.test(said)) {
    return {
      cause: "container-start/command-missing",
      says:
        command === "" ? "has no command that could be started" : `starts ${command}, which its image does not have`,
      fix: "correct command and args in the chart, or ENTRYPOINT in the Dockerfile",
    };
  }
  if (/permission denied/i.test(said)) {
    return {
      cause: "container-start/failed",
      says: `may not execute ${command || "its command"}`,
      fix: "make it executable in the Dockerfile: RUN chmod +x <file>, for the user that runs it",
    };
  }
  return {
    cause: "container-start/failed",
    says: `cannot be started: ${said}`,
    fix: "correct what the runtime says; command, volume mounts and security settings come from the chart",
  };
}

/** A pod that gets no network of its own, as where a subnet has no address left. */
export function readSandboxSign(pod: Pod, look: Look): Sign | undefined {
  const events = look.seen.eventsOf(pod.object).filter(({ reason }) => reason === "FailedCreatePodSandBox");
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const full = /no (?:available )?(?:IP|address)|address(?:es)? (?:available|exhausted)|failed to allocate/i.test(
    last.message,
  );
  return makeSign("container-start/sandbox", {
    fatal: isOverdue(first.firstAt, look.patience.mountMs, look.seen),
    where: refOf(pod.object),
    says: `${pod.name} gets no network${full ? ": no address is left" : ""}`,
    fix: full
      ? "give the nodes a larger subnet, or fewer pods (Azure CNI takes one address of it for each pod)"
      : "look at the network plugin of the node: kubectl -n kube-system get pods -o wide",
    said: last.message,
    fault: "sandbox",
  });
}
