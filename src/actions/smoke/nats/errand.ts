import type { Look } from "../look.ts";
import type { NatsConnection } from "../world.ts";

/** What a check does in NATS, as often as it is looked at. */
export interface Errand {
  /** What has to be seen, in a line. */
  readonly expected: string;
  /** @throws NatsFault */
  look(nats: NatsConnection): Promise<Pick<Look, "state" | "seen">>;
}
