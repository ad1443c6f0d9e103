import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Dial } from "../actions/smoke/world.ts";

/** A port of this machine that leads to where a dial leads. */
export interface Loopback {
  readonly host: string;
  readonly port: number;
  /** What the dial has thrown; undefined while it has not. */
  refusal(): unknown;
  /** What has ended the connection that was dialled; undefined while nothing has. */
  broken(): unknown;
  /** Ends what goes through it. */
  end(): Promise<void>;
}

const HOST = "127.0.0.1";

/**
 * Opens a port for a client that can only connect by itself. It takes one connection: the next one on this machine who
 * tries would be somebody else.
 */
export async function openLoopback(dial: Dial): Promise<Loopback> {
  const ends: Duplex[] = [];
  let refusal: unknown;
  let broken: unknown;
  const endAll = (): void => {
    for (const end of ends) end.destroy();
  };
  const fail = (error: unknown): void => {
    broken ??= error;
    endAll();
  };
  const join = async (near: Duplex): Promise<void> => {
    const far = await dial().catch((error) => {
      refusal = error;
      throw error;
    });
    ends.push(far);
    if (near.destroyed) return endAll();
    // Each half ends the other by itself: what was said last, such as why, is still to be read.
    await Promise.all([pipeline(near, far), pipeline(far, near)]);
  };
  const server = createServer({ noDelay: true }, (near) => {
    server.close();
    ends.push(near);
    // It may end before there is anything to lead it to.
    near.on("error", fail);
    void join(near).catch(fail);
  });
  server.listen(0, HOST);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    host: HOST,
    port,
    refusal: () => refusal,
    broken: () => broken,
    end: async () => {
      server.close();
      endAll();
    },
  };
}
