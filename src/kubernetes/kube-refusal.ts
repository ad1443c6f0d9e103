/** An answer of the API server that says no. The message is the server's own. */
export class KubeRefusal extends Error {
  override readonly name = "KubeRefusal";
  readonly status: number;
  /** `NotFound`, `Forbidden`, `AlreadyExists`, `Conflict`, `Invalid`, …; empty when the answer was no `Status`. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}
