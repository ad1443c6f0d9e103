/** A fault of a connection, in an error of our own that keeps Node's code and the fault as its cause. */
export function connectionError(fault: unknown): Error {
  const { message = String(fault), code } = (fault ?? {}) as { readonly message?: string; readonly code?: string };
  return Object.assign(new Error(message, { cause: fault }), code === undefined ? {} : { code });
}

/** An error in the words that Node has for it. */
export function timedOut(message: string): Error {
  return connectionError({ message, code: "ETIMEDOUT" });
}
