import { StringDecoder } from "node:string_decoder";

/** Cuts a stream of bytes into lines at `\n`, `\r\n` or a lone `\r`, as .NET's ReadLine does. */
export function splitLines(onLine: (line: string) => void): { write(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let afterReturn = false;
  const feed = (text: string): void => {
    rest += text;
    for (;;) {
      if (afterReturn && rest !== "") {
        if (rest.startsWith("\n")) rest = rest.slice(1);
        afterReturn = false;
      }
      const at = rest.search(/[\r\n]/);
      if (at < 0) return;
      const line = rest.slice(0, at);
      afterReturn = rest[at] === "\r";
      rest = rest.slice(at + 1);
      onLine(line);
    }
  };
  return {
    write: (chunk) => feed(decoder.write(chunk)),
    end: () => {
      feed(decoder.end());
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}
