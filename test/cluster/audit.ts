import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Layout } from "./layout.ts";

/** The cluster's own parts that show a certificate. The others are in groups. */
const OWN_PARTS = ["system:kube-controller-manager", "system:kube-scheduler", "system:kube-proxy", "system:apiserver"];

/** What the API server writes down of each request: who asked for what, and when it was answered; nothing of its own cluster. */
export const AUDIT_POLICY = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "None", users: OWN_PARTS },
    { level: "None", userGroups: ["system:masters", "system:nodes", "system:serviceaccounts"] },
    { level: "Metadata" },
  ],
};

/** The files of the API server's audit. */
export const auditFiles = ({ home, logs }: Pick<Layout, "home" | "logs">) => ({
  policy: join(home, "audit-policy.json"),
  log: join(logs, "audit.log"),
});

/** When the API server had a request at hand, in milliseconds since 1970. */
export type Answer = readonly [from: number, to: number];

/** What https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ calls an event. */
interface AuditEvent {
  readonly auditID: string;
  readonly user?: { readonly username?: string };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

/** The requests of a user. One that stays open, such as a watch, is answered when its answer begins. */
export async function readAnswers(layout: Pick<Layout, "home" | "logs">, user: string): Promise<readonly Answer[]> {
  const lines = (await readFile(auditFiles(layout).log, "utf8")).split("\n").filter((line) => line !== "");
  const answers = new Map<string, Answer>();
  for (const event of lines.map((line): AuditEvent => JSON.parse(line))) {
    if (event.user?.username !== user || answers.has(event.auditID)) continue;
    answers.set(event.auditID, [Date.parse(event.requestReceivedTimestamp), Date.parse(event.stageTimestamp)]);
  }
  return [...answers.values()];
}
