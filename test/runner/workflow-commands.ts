/** A `::name key=value::data` line, decoded. */
export interface WorkflowCommand {
  readonly name: string;
  /** Keys in lower case: the runner compares them without case. */
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** Order matters: `%25` last, so that `%250A` is the text `%0A` and not a line break. */
const dataEscapes: ReadonlyArray<readonly [string, string]> = [
  ["%0D", "\r"],
  ["%0A", "\n"],
  ["%25", "%"],
];
const propertyEscapes: typeof dataEscapes = [
  ["%0D", "\r"],
  ["%0A", "\n"],
  ["%3A", ":"],
  ["%2C", ","],
  ["%25", "%"],
];
const bracketEscapes: typeof dataEscapes = [
  ["%3B", ";"],
  ["%0D", "\r"],
  ["%0A", "\n"],
  ["%5D", "]"],
  ["%25", "%"],
];

const decode = (text: string, escapes: typeof dataEscapes): string =>
  escapes.reduce((decoded, [written, character]) => decoded.replaceAll(written, character), text);

/**
 * The command in a line of output, if the name is one of `registered` (lower case). `::` must come first after
 * blanks; the older `##[name k=v;k=v]data` counts anywhere in the line.
 */
export function parseCommand(line: string, registered: ReadonlySet<string>): WorkflowCommand | undefined {
  return parseColons(line, registered) ?? parseBrackets(line, registered);
}

function parseColons(line: string, registered: ReadonlySet<string>): WorkflowCommand | undefined {
  const text = line.trimStart();
  const end = text.indexOf("::", 2);
  if (!text.startsWith("::") || end < 0) return undefined;
  return build(text.slice(2, end), text.slice(end + 2), registered, ",", propertyEscapes, dataEscapes);
}

function parseBrackets(line: string, registered: ReadonlySet<string>): WorkflowCommand | undefined {
  const start = line.indexOf("##[");
  const end = line.indexOf("]", start);
  if (start < 0 || end < 0) return undefined;
  return build(line.slice(start + 3, end), line.slice(end + 1), registered, ";", bracketEscapes, bracketEscapes);
}

function build(
  head: string,
  data: string,
  registered: ReadonlySet<string>,
  separator: string,
  keyEscapes: typeof dataEscapes,
  escapes: typeof dataEscapes,
): WorkflowCommand | undefined {
  const space = head.indexOf(" ");
  const name = (space < 0 ? head : head.slice(0, space)).toLowerCase();
  if (!registered.has(name)) return undefined;
  const properties: Record<string, string> = {};
  for (const pair of space < 0
    ? []
    : head
        .slice(space + 1)
        .trim()
        .split(separator)) {
    const equals = pair.indexOf("=");
    if (equals > 0 && equals < pair.length - 1) {
      properties[pair.slice(0, equals).toLowerCase()] = decode(pair.slice(equals + 1), keyEscapes);
    }
  }
  return { name, properties, data: decode(data, escapes) };
}
