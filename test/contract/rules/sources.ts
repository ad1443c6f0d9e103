/** What a text breaks, as `path:line: rule`. */
export type SourceRule = (path: string, text: string) => readonly string[];

const LONGEST_FILE_LINES = 300;
const DRAWERS = /(?:^|\/)(?:utils?|helpers?|common|misc|types|shared|lib)(?:\.[^/]*)?(?:\/|$)/;

/** A file holds one idea, and is named for it. */
export const fileRule: SourceRule = (path, text) => {
  const lines = text.split("\n").length - 1;
  return [
    ...(lines > LONGEST_FILE_LINES
      ? [`${path}:${lines}: holds more than one idea (over ${LONGEST_FILE_LINES} lines)`]
      : []),
    ...(DRAWERS.test(path) ? [`${path}:1: is named for a drawer, not for an idea`] : []),
  ];
};

/** Who calls a function from another file reads what it does, its units and its errors. */
export const docstringRule: SourceRule = (path, text) => {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const [, name] =
      /^export (?:async )?function\*? (\w+)/.exec(line) ??
      /^export const (\w+)[^=]* = (?:async )?(?:\(|\w+ =>)/.exec(line) ??
      [];
    const documented =
      /\*\/\s*$/.test(lines[index - 1] ?? "") || /^export (?:async )?function/.test(lines[index - 1] ?? "");
    return name === undefined || documented ? [] : [`${path}:${index + 1}: ${name} has no docstring`];
  });
};

/** Each line of a text against patterns that may not stand in it. */
const lineRule =
  (...patterns: readonly (readonly [RegExp, string])[]): SourceRule =>
  (path, text) =>
    text
      .split("\n")
      .flatMap((line, index) =>
        patterns.filter(([pattern]) => pattern.test(line)).map(([, rule]) => `${path}:${index + 1}: ${rule}`),
      );

/** Paths of the machine that wrote a file mean nothing on another. */
export const machineRule = lineRule([/(?<![\w/.$}-])\/(?:work|root|tmp)\/\w/, "names a path of one machine"]);

/** Mayfly needs no secret, so nothing that looks like one, or asks for one, has a reason to be here. */
export const secretRule = lineRule(
  [
    /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60}|AKIA[A-Z0-9]{16}|eyJhbGciOi[\w-]{20,}\.[\w-]{20,})/,
    "looks like a token",
  ],
  [/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/, "holds a private key"],
  [/\$\{\{\s*secrets\.(?!GITHUB_TOKEN\b)/, "asks for a secret"],
  [
    /\b(?:password|secret|api[-_]?key)["']?\s*[:=]\s*["']?(?:change-?me|placeholder|x{3,}|todo|your[-_ ]|dummy|<)/i,
    "holds a placeholder for a secret",
  ],
);

/** A finding is silenced on its line, with the reason; a test is never switched off. */
export const silenceRule = lineRule(
  [/zizmor: ignore\[[^\]]*\]\s*$/, "silences zizmor without a reason"],
  [/shellcheck disable=[\w,]+\s*$/, "silences shellcheck without a reason"],
  [/\b(?:test|it|describe)\.(?:skip|only|todo|failing)\b/, "switches a test off"],
  [/@ts-(?:ignore|nocheck)/, "silences the compiler"],
);
