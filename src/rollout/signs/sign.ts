import type { ObjectRef } from "../../kubernetes/kube-object.ts";
import { shellQuote } from "../../paste/quote.ts";
import type { LogRef } from "../cause.ts";
import type { CauseCode } from "../cause-codes.ts";
import type { Container } from "../container.ts";
import { oneLine, scrub } from "../one-line.ts";
import type { Pod } from "../pod.ts";
import { refOf, type Seen } from "../seen.ts";
import type { Patience } from "../verdict.ts";

/** What is seen of an object that keeps it from being ready. */
export interface Sign {
  readonly code: CauseCode;
  /** Whether it will not pass by itself. */
  readonly fatal: boolean;
  readonly where: ObjectRef;
  readonly container: string | undefined;
  /** On one line, to stand behind `Deployment/api: `. */
  readonly says: string;
  readonly fix: string;
  readonly said: string;
  readonly logs: readonly LogRef[];
  /** What is at fault. Objects with the same code and fault have one cause; undefined is a fault of its own. */
  readonly fault: string | undefined;
}

/** What signs are read with. */
export interface Look {
  readonly seen: Seen;
  readonly patience: Patience;
  /** Whether another part of the release, such as an ExternalSecret, may still bring what is missing. */
  readonly mayCome: boolean;
}

interface SignFacts {
  readonly fatal: boolean;
  readonly where: ObjectRef;
  readonly container?: string;
  readonly says: string;
  readonly fix: string;
  readonly said?: string;
  readonly logs?: readonly LogRef[];
  readonly fault?: string;
}

/** A sign whose texts are fit to be shown. */
export function makeSign(causeCode: CauseCode, facts: SignFacts): Sign {
  const { fatal, where, container, says, fix, said = "", logs = [], fault } = facts;
  return {
    code: causeCode,
    fatal,
    where,
    container,
    says: oneLine(says),
    fix: oneLine(fix),
    said: scrub(said).trim(),
    logs,
    fault,
  };
}

/** A sign of a container, told as `container api of api-7c9-x2 …`. */
export function makeContainerSign(
  causeCode: CauseCode,
  pod: Pod,
  container: Container,
  facts: Omit<SignFacts, "where" | "container">,
): Sign {
  return makeSign(causeCode, {
    ...facts,
    where: refOf(pod.object),
    container: container.name,
    says: `${nameContainer(container)} of ${pod.name} ${facts.says}`,
  });
}

/** Whether something has gone on for longer than it is borne with; never longer than this rollout. */
export function isOverdue(since: number | undefined, limitMs: number, seen: Seen): boolean {
  return seen.at - Math.max(since ?? seen.startedAt, seen.startedAt) >= limitMs;
}

/** `container api`, `init container migrate (1 of 2)`, `sidecar proxy`. */
export function nameContainer({ role, name, place, of }: Container): string {
  if (role === "main") return `container ${name}`;
  return role === "sidecar" ? `sidecar ${name}` : `init container ${name} (${place} of ${of})`;
}

/** The command that shows a log. */
export function logCommand({ namespace, pod, container, previous }: LogRef): string {
  const words = ["kubectl", "-n", namespace, "logs", pod, "-c", container].map(shellQuote);
  return [...words, ...(previous ? ["--previous"] : [])].join(" ");
}

/** The log of a container's run that went wrong: the run before, where the container was started again. */
export function logOf(pod: Pod, { name, state, restarts }: Container): LogRef {
  const previous = state.kind === "running" && restarts > 0;
  return { namespace: pod.namespace, pod: pod.name, container: name, previous };
}
