import { StringDecoder } from "node:string_decoder";
import { stripVTControlCharacters } from "node:util";
import { harmless } from "./harmless.ts";

/** A line that never ends is cut here, in UTF-16 units: far above what terraform writes as one line of JSON. */
const LONGEST_LINE = 1_048_576;

/** Bytes go in as they come, lines come out. */
export interface LineSplitter {
  write(chunk: Buffer): void;
  /** Gives out what stands after the last break. */
  end(): void;
}

/**
 * Cuts a child's bytes into lines that may stand in the log: at `\n`, `\r\n` or a lone `\r`, wherever the chunks
 * part, in the middle of a character too. Colours are taken out, and `harmless` goes over each line. What a lone `\r`
 * ends is a line as well, since a progress bar says nothing else for minutes; empty ones of that kind are dropped.
 */
export function splitLines(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let afterReturn = false;
  const give = (line: string): void => onLine(harmless(stripVTControlCharacters(line)));

  const take = (text: string): void => {
    // Only what is new is searched: a long line that comes in small pieces is not read again for each.
    let from = 0;
    for (const { 0: mark, index } of text.matchAll(/[\r\n]/g)) {
      const line = rest + text.slice(from, index);
      const closesPair = mark === "\n" && line === "" && afterReturn;
      if (!closesPair && (mark === "\n" || line !== "")) give(line);
      rest = "";
      from = index + 1;
      afterReturn = mark === "\r";
    }
    if (from < text.length) afterReturn = false;
    rest += text.slice(from);
    while (rest.length > LONGEST_LINE) {
      const cut = endOfCharacter(rest, LONGEST_LINE);
      give(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
  };

  return {
    write: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (rest !== "") give(rest);
      rest = "";
    },
  };
}

/** A place at or just before `index` that does not part the two halves of a character. */
function endOfCharacter(text: string, index: number): number {
  const unit = text.charCodeAt(index - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? index - 1 : index;
}
