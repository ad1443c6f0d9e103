import { connect, createServer, type Server } from "node:net";

/**
 * Does work that no two processes of this machine should do at the same time. Who comes second waits, and is told once.
 * The lock is a socket in Linux's abstract namespace: it ends with its process, however that ends, and leaves no file.
 * Elsewhere the work is done at once, so it must be harmless twice.
 *
 * @param name what is worked on
 */
export async function onlyOne<T>(name: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
  if (process.platform !== "linux") return work();
  const address = `\0mayfly-${name}`;
  let told = false;
  for (;;) {
    const lock = await listen(address);
    if (lock !== undefined) {
      try {
        return await work();
      } finally {
        lock.close();
      }
    }
    if (!told) waiting();
    told = true;
    await untilFree(address);
  }
}

/** The lock, or undefined when another process holds it. */
function listen(address: string): Promise<Server | undefined> {
  const waiters = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    waiters.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => waiters.delete(socket));
  });
  // A server that still has clients does not close.
  const close = server.close.bind(server);
  server.close = (done) => {
    const closed = close(done);
    for (const waiter of waiters) waiter.destroy();
    return closed;
  };
  return new Promise((done, failed) => {
    server.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? done(undefined) : failed(error),
    );
    server.listen(address, () => done(server));
  });
}

/** Whoever holds the lock accepts the connection and never answers: it breaks when the lock is free. */
function untilFree(address: string): Promise<void> {
  return new Promise((done) => {
    const socket = connect(address);
    socket.on("error", () => undefined);
    socket.on("close", () => done());
    socket.resume();
  });
}
