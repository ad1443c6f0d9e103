/**
 * Why NATS did not do what it was asked:
 *
 * - `unreachable`: no connection came about; `lost`: it has ended since, and what was sent last may not have arrived
 * - `login-refused`: not with this user and password, or token; `forbidden`: this user may not
 * - `timeout`: no answer came in time; `no-responders`: nobody listens to a request
 * - `jetstream-off`: the server, or the account, has no JetStream
 * - `no-stream`: there is no such stream, or none that listens to the subject
 * - `wrong-stream`: another stream stores the subject; `wrong-sequence`: the stream is not where the message expects it
 * - `duplicate`: the stream had a message of the same id already, and has not stored this one
 * - `refused`: anything else that the server says no with
 */
export type NatsFaultCode =
  | "unreachable"
  | "lost"
  | "login-refused"
  | "forbidden"
  | "timeout"
  | "no-responders"
  | "jetstream-off"
  | "no-stream"
  | "wrong-stream"
  | "wrong-sequence"
  | "duplicate"
  | "refused";

/** An answer of NATS that says no, or none. The message says why in a line. */
export class NatsFault extends Error {
  override readonly name = "NatsFault";
  readonly code: NatsFaultCode;

  constructor(code: NatsFaultCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}
