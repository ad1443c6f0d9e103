import type { BlobAddress } from "../blobs/blob.ts";
import type { Blobs } from "../blobs/blobs.ts";
import type { Clock } from "../clock.ts";

/** The log of one run, as it grows in its blob. Lines end with CR LF. */
export interface RunLog {
  readonly address: BlobAddress;
  /** A line of acb's own, with the time in front. */
  say(line: string): void;
  /** What a container prints, as it is. */
  print(text: string): void;
  /** Makes the blob; until then everything is held back. */
  open(): void;
  /** Marks the end: nothing is added afterwards. */
  complete(name: string, value: string): void;
}

export function createRunLog(blobs: Blobs, address: BlobAddress, clock: Clock): RunLog {
  let held = "";
  let opened = false;
  let ended: Readonly<Record<string, string>> | undefined;
  const print = (text: string) => {
    if (ended !== undefined || text === "") return;
    const lines = text.replace(/\r?\n/g, "\r\n");
    if (opened) blobs.append(address, lines);
    else held += lines;
  };
  return {
    address,
    print,
    say: (line) => print(`${stamp(clock.now())} ${line}\n`),
    open: () => {
      if (opened) return;
      opened = true;
      blobs.put(address, { type: "AppendBlob", contentType: "text/plain", metadata: ended ?? {} }, held);
      held = "";
    },
    complete: (name, value) => {
      if (ended !== undefined) return;
      ended = { [name]: value };
      if (opened) blobs.setMetadata(address, ended);
    },
  };
}

/** `2019/03/18 21:56:57`, as Go's log package writes it, in UTC. */
function stamp(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " ");
}
