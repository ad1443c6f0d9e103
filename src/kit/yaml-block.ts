import { type Document, parseDocument, visit } from "yaml";
import { Expected, type Input, type InputOptions } from "./input.ts";

/**
 * A YAML mapping given as a block.
 *
 * Errors carry the line and column inside the block.
 */
export function yamlBlock<const O extends InputOptions>(options: O): Input<Readonly<Record<string, unknown>>, true> {
  const read = (text: string): Readonly<Record<string, unknown>> => {
    // The parser comes with its first text (scripts/build/lazy-packages.ts), and most runs give none.
    if (text === "") return {};
    const document = parseDocument(text, { uniqueKeys: true, prettyErrors: true });
    const [problem] = document.errors;
    if (problem !== undefined) {
      const at = problem.linePos?.[0];
      const place = at === undefined ? "" : ` at line ${at.line}, column ${at.col}`;
      throw new Expected(`YAML, but${place}: ${problem.message.split("\n")[0]}`);
    }
    refuseLongNumbers(document);
    const value = withoutAliases(document);
    if (value === null || value === undefined) return {};
    if (typeof value !== "object" || Array.isArray(value)) throw new Expected("a YAML mapping (key: value)");
    return value as Readonly<Record<string, unknown>>;
  };
  return { ...options, kind: "YAML", secret: false, emptyIsValue: true, read };
}

/** A number that would not come out as it went in: an account's or a card's, whose last digits are lost without a word. */
function refuseLongNumbers(document: Document): void {
  visit(document, {
    Scalar: (_key, { value }) => {
      if (typeof value === "number" && !Number.isSafeInteger(Math.trunc(value))) {
        throw new Expected("numbers of more than 15 digits in quotes");
      }
    },
  });
}

/** Aliases could blow a small text up to gigabytes, and nobody needs them in a block of inputs. */
function withoutAliases(document: Document): unknown {
  visit(document, {
    Alias: () => {
      throw new Expected("YAML without aliases (*name)");
    },
  });
  return document.toJS();
}
