import type { ReleaseStory, Story } from "../../../src/actions/helm-deploy/story.ts";
import type { Cause } from "../../../src/rollout/cause.ts";
import { strangeResult } from "../smoke/strange-result.ts";

const AT = new Date("2026-11-21T12:00:00Z");
const later = (seconds: number): Date => new Date(AT.getTime() + seconds * 1_000);

export function cause(text: string): Cause {
  const subject = { apiVersion: "apps/v1", kind: "Deployment", namespace: "pr-12", name: text };
  return {
    code: "crash/exit",
    subject,
    also: [subject],
    where: subject,
    container: text,
    sentence: text,
    fix: text,
    said: text,
    logs: [],
  };
}

/** A release in which every text is the one that is given. */
export function release(text: string, more: Partial<ReleaseStory> = {}): ReleaseStory {
  const ref = { apiVersion: "apps/v1", kind: "Deployment", namespace: "pr-12", name: text };
  const field = { path: text, before: JSON.stringify(text), after: JSON.stringify(text) };
  return {
    url: text,
    urlReport: undefined,
    expiresAt: text,
    namespaceDeleted: undefined,
    name: text,
    namespace: text,
    chart: text,
    status: "failed",
    revision: 3,
    previous: 1,
    rolledBackTo: 1,
    appVersion: text,
    chartVersion: text,
    plan: { added: [ref], changed: [{ ref, fields: [field] }], removed: [ref], unchanged: [], hooks: [ref] },
    causes: [cause(text)],
    parts: (["ready", "failed", "progressing"] as const).map((state, index) => ({
      ref,
      state,
      told: text,
      seenAt: later(index),
      readyAt: state === "ready" ? later(4) : undefined,
      failedAt: state === "failed" ? later(5) : undefined,
    })),
    readyMs: 5_000,
    images: { [text]: text },
    ...more,
  };
}

/** A story in which every text is of a stranger. */
export function story(text: string, more: Partial<Story> = {}): Story {
  return {
    startedAt: AT,
    helm: text,
    cluster: text,
    releases: [release(text, { status: "deployed" }), release(text)],
    phases: [{ name: text, fromMs: 10, toMs: 6_000 }],
    notes: [text, text],
    failure: { code: "rollout-failed", message: `${text}\n${text}` },
    evidence: { folder: "/temp", files: [{ name: text, text }] },
    smokes: [{ title: text, result: strangeResult(text) }],
    reports: { junit: text, json: text },
    runUrl: text,
    ...more,
  };
}
