/** Text that comes in pieces, of which no more than the beginning is kept. */
export interface CappedText {
  add(bytes: Uint8Array): void;
  /** Whether there was more. */
  readonly cut: boolean;
  read(): string;
}

/** 1 MiB: what is looked at is short, and what is printed without end must not fill the runner's memory. */
export const MOST_BYTES = 1024 * 1024;

/** Text from UTF-8; what is none becomes U+FFFD. */
export function createCappedText(mostBytes: number): CappedText {
  const decoder = new TextDecoder();
  let text = "";
  let left = mostBytes;
  let cut = false;
  return {
    add: (bytes) => {
      if (bytes.length > left) cut = true;
      // A character that the cut goes through is left out.
      text += decoder.decode(bytes.subarray(0, left), { stream: true });
      left -= Math.min(left, bytes.length);
    },
    get cut() {
      return cut;
    },
    read: () => (cut ? text : text + decoder.decode()),
  };
}
