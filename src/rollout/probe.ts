import { countOf, fieldOf, textOf } from "./read-field.ts";

/** How a container is asked whether it is well. Times in seconds, as Kubernetes has them. */
export interface Probe {
  /** Such as `GET :8080/healthz`. */
  readonly asks: string;
  readonly initialDelay: number;
  readonly timeout: number;
  readonly period: number;
  readonly failureThreshold: number;
  readonly successThreshold: number;
}

/** Reads a probe with the defaults of Kubernetes; undefined when there is none. */
export function readProbe(spec: unknown): Probe | undefined {
  if (typeof spec !== "object" || spec === null) return undefined;
  return {
    asks: describeQuestion(spec),
    initialDelay: countOf(spec, "initialDelaySeconds") ?? 0,
    timeout: countOf(spec, "timeoutSeconds") ?? 1,
    period: countOf(spec, "periodSeconds") ?? 10,
    failureThreshold: countOf(spec, "failureThreshold") ?? 3,
    successThreshold: countOf(spec, "successThreshold") ?? 1,
  };
}

/**
 * How long after a container's start its readiness probe may fail and nothing is wrong, in milliseconds: kubedog's
 * formula (https://github.com/werf/kubedog/blob/main/pkg/tracker/pod/probes.go), but from the container's start, so that
 * a startup probe's time is added and not waited for.
 */
export function budgetMs(readiness: Probe, startup: Probe | undefined): number {
  const beforeFirst = readiness.period + readiness.initialDelay;
  const starting =
    startup === undefined
      ? 0
      : startup.initialDelay +
        startup.timeout +
        (startup.failureThreshold + startup.successThreshold) * startup.period +
        readiness.period;
  const { timeout, period, failureThreshold, successThreshold } = readiness;
  const failing = (failureThreshold + successThreshold - 3) * period + period / 2 + 2 * timeout;
  return Math.max(0, Math.max(beforeFirst, starting) + failing) * 1_000;
}

function describeQuestion(spec: object): string {
  const port = (kind: string): string => textOf(spec, kind, "port") || String(countOf(spec, kind, "port") ?? "");
  const command = fieldOf(spec, "exec", "command");
  if (Array.isArray(command)) return `exec ${command.join(" ")}`;
  if (fieldOf(spec, "tcpSocket") !== undefined) return `connect :${port("tcpSocket")}`;
  if (fieldOf(spec, "grpc") !== undefined) return `grpc :${port("grpc")}`;
  const scheme = textOf(spec, "httpGet", "scheme") === "HTTPS" ? "GET https " : "GET ";
  return `${scheme}:${port("httpGet")}${textOf(spec, "httpGet", "path") || "/"}`;
}
