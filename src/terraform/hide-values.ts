/** What stands in the place of a value that nobody may see. */
export const SENSITIVE = "(sensitive value)";

/** Takes sensitive values out of texts wherever they turn up, as `nonsensitive()` and template strings carry them on. */
export interface Hide {
  /** Whether a whole text is a sensitive value. */
  isSensitive(text: string): boolean;
  /** The text with `***` in the place of each. Values that overlap are covered together. */
  hide(text: string): string;
}

/**
 * Hides values as they are and as JSON writes them. Encoded otherwise, they are left to whoever prints (src/kit/masking),
 * who hides them once more.
 */
export function createHide(values: readonly string[]): Hide {
  const whole = new Set(values);
  const forms = [...new Set(values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]))];
  if (forms.length === 0) return { isSensitive: () => false, hide: (text) => text };
  // Thousands of texts hold none: one look tells.
  const any = new RegExp(forms.map(escapeForRegExp).join("|"));
  return {
    isSensitive: (text) => whole.has(text),
    hide: (text) => (any.test(text) ? cover(text, forms) : text),
  };
}

/** An address without the sensitive values in its keys; its other words stand in the configuration. */
export function hideKeys(address: string, hide: Hide): string {
  return address.replace(/\["(?:[^"\\]|\\.)*"\]/g, (key) => hide.hide(key));
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function cover(text: string, forms: readonly string[]): string {
  const finds = forms.flatMap((form) => findAll(text, form)).sort((one, other) => one.from - other.from);
  let clean = "";
  let done = 0;
  for (const { from, to } of finds) {
    if (from >= done) clean += `${text.slice(done, from)}***`;
    done = Math.max(done, to);
  }
  return clean + text.slice(done);
}

function findAll(text: string, form: string): readonly { readonly from: number; readonly to: number }[] {
  const finds: { from: number; to: number }[] = [];
  for (let from = text.indexOf(form); from >= 0; from = text.indexOf(form, from + 1)) {
    finds.push({ from, to: from + form.length });
  }
  return finds;
}
