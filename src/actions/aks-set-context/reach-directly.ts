import { explainDenial, explainUnknown, isAzureDenial, renderCure, sayDenial } from "./explain-denial.ts";
import { explainSilence, keepsOut } from "./explain-silence.ts";
import type { Arrival, ReachWorld, Visit } from "./reach.ts";
import type { Reply } from "./world.ts";

/** A network that leads nowhere is not asked more often than this: another try finds the same. */
const TRIES_WITHOUT_HOPE = 2;

/** From this runner. What may pass is waited for: a server that starts, a role that was given only now. */
export async function reachDirectly(visit: Visit, world: ReachWorld): Promise<Arrival> {
  for (let count = 1; ; count += 1) {
    const reply = await world.ask(visit);
    const told = await judge(reply, visit, world, count);
    if ("route" in told) return told;
    if (told.final || visit.patience.over()) throw told.error;
    await visit.patience.wait(told.state);
  }
}

type Judged = Arrival | { readonly error: Error; readonly final: boolean; readonly state: string };

async function judge(reply: Reply, visit: Visit, world: ReachWorld, count: number): Promise<Judged> {
  const { facts, server } = visit;
  if (reply.kind === "silent") {
    // Only a cluster with ranges may mind who asks; nobody else is told that we are here.
    const asksWho = facts.authorizedRanges.length > 0 && !facts.private;
    const egressAddress = asksWho ? await world.findEgressAddress() : undefined;
    const silence = { facts, server, because: reply.because, egressAddress };
    const hopeless = facts.private || keepsOut(silence);
    const state = `${server} does not answer yet: ${reply.because}`;
    return { error: explainSilence(silence), final: hopeless && count >= TRIES_WITHOUT_HOPE, state };
  }
  if (reply.kind === "refused") return judgeRefusal(reply, visit);
  const { version, user, access } = reply;
  const arrival = { route: "direct", version: version.replace(/^v/, ""), user: user.name } as const;
  if (access.allowed) return arrival;
  const denial = { ...visit, said: access.reason };
  // Azure's own words: no role at all. Roles in the cluster may be finer than the one question that is asked here.
  if (isAzureDenial(access.reason)) return { error: explainDenial(denial), final: false, state: sayDenial(denial) };
  return { ...arrival, warning: `${sayDenial(denial)}\n${renderCure(denial)}` };
}

function judgeRefusal({ status, message }: Extract<Reply, { kind: "refused" }>, visit: Visit): Judged {
  const denial = { ...visit, said: message };
  const known = status === 403 || isAzureDenial(message);
  if (known) return { error: explainDenial(denial), final: false, state: sayDenial(denial) };
  if (status === 401) return { error: explainUnknown(denial), final: true, state: "" };
  const because = `HTTP ${status} came instead: ${message}`;
  const error = explainSilence({ ...visit, because, egressAddress: undefined });
  return { error, final: false, state: `${visit.server} is not ready: ${because}` };
}
