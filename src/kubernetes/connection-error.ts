/** A fault of a connection, in an error of our own that keeps Node's code and the fault as its cause. */
export function connectionError(fault: unknown): Error {
  const { message = String(fault), code } = (fault ?? {}) as { readonly message?: string; readonly code?: string };
  return Object.assign(new Error(message, { cause: fault }), code === undefined ? {} : { code });
}

/** An error in the words that Node has for it. */
export function timedOut(message: string): Error {
  return connectionError({ message, code: "ETIMEDOUT" });
}

/** The code that Node gave an error, such as `ENOENT`; undefined where there is none. */
export function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
