import { isEmpty, type ReleasePlan } from "../../helm/plan.ts";
import type { OutputsOf } from "../../kit/define-action.ts";
import type { ReleaseOrder } from "./release-order.ts";
import type { Session } from "./session.ts";
import type { spec } from "./spec.ts";
import { NEW } from "./teller.ts";

/** What later steps go by. */
export async function listOutputs(
  { teller, world }: Pick<Session, "teller" | "world">,
  { name, namespace }: Pick<ReleaseOrder, "name" | "namespace">,
): Promise<OutputsOf<typeof spec>> {
  const { releases, evidence, reports } = teller.story();
  // A release that has to be there first may have failed: of the step's own there is nothing to tell then.
  const story = releases.findLast((one) => one.name === name && one.namespace === namespace) ?? {
    ...NEW,
    status: teller.release().status,
  };
  const [cause] = teller.release().causes;
  const plan =
    story.plan === undefined
      ? undefined
      : await world.files.writeReport("plan.json", renderPlan(story.plan, world.redact));
  return {
    status: story.status,
    release: name,
    namespace,
    "namespace-deleted": story.namespaceDeleted,
    "expires-at": story.expiresAt,
    url: story.url,
    revision: story.revision,
    "previous-revision": story.previous,
    changed: story.plan === undefined ? undefined : !isEmpty(story.plan),
    "rolled-back-to": story.rolledBackTo,
    cause: cause === undefined ? undefined : world.redact(cause.sentence),
    "cause-code": cause?.code,
    "app-version": story.appVersion,
    "chart-version": story.chartVersion,
    "image-digests": JSON.stringify(story.images),
    "smoke-junit-path": reports?.junit,
    "smoke-report-path": reports?.json,
    "url-report-path": story.urlReport,
    "plan-path": plan,
    "evidence-path": evidence?.folder,
    "ready-ms": story.readyMs === undefined ? undefined : Math.round(story.readyMs),
    "duration-ms": Math.round(teller.elapsed()),
  };
}

/** Values stand in the plan as JSON already: written once more, a secret among them would not be found any more. */
function renderPlan(plan: ReleasePlan, redact: (text: string) => string): string {
  return JSON.stringify(plan, (_, value: unknown) => (typeof value === "string" ? redact(value) : value), 2);
}
