import type { Input, InputOptions } from "./input.ts";

/** A text of any number of lines, as it is but for blanks at its ends: for a language of its own, such as YAML. */
export function textBlock<const O extends InputOptions>(
  options: O,
): Input<string, O extends { required: true } | { default: string } ? true : false> {
  return { ...options, kind: "text of many lines", secret: false, emptyIsValue: false, read: (text) => text };
}
